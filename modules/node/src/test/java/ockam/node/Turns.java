// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import akka.dispatch.DispatcherPrerequisites;
import akka.dispatch.ExecutorServiceConfigurator;
import akka.dispatch.ExecutorServiceFactory;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import ockam.fixtures.Stages;

/**
 * An executor for all dispatchers of an actor system that does one thing at a time. Usually its own thread does, in the order in which
 * things arrive. A test can take over: then nothing happens but what it asks for, in an order that it draws, one message of one actor at a
 * time. So what was drawn once can be repeated, and "nothing is left to do" can be told from "nothing has happened yet".
 */
final class Turns extends AbstractExecutorService {
    /** The one that {@link #config} leads to; Akka makes dispatchers by name. */
    static final Turns ALL = new Turns();

    private static final long PATIENCE_NANOS = Stages.PATIENCE.toNanos();
    private static final long CHECK_MILLIS = 100;

    private final List<Runnable> waiting = new ArrayList<>(); // guarded by this
    private boolean busy; // guarded by this
    private boolean taken; // guarded by this

    /** How Akka finds the executor. */
    static final class Configurator extends ExecutorServiceConfigurator {
        Configurator(Config config, DispatcherPrerequisites prerequisites) {
            super(config, prerequisites);
        }

        @Override
        public ExecutorServiceFactory createExecutorServiceFactory(String id, ThreadFactory threads) {
            return () -> ALL;
        }
    }

    /** Lets everything run here. */
    static Config config() {
        String here = "{ type = Dispatcher, throughput = 1, executor = \"" + Configurator.class.getName() + "\" }\n";
        return ConfigFactory.parseString("akka.actor.default-dispatcher = " + here
                + "akka.actor.internal-dispatcher = " + here
                + "ockam.dispatcher = " + here);
    }

    private Turns() {
        Thread thread = new Thread(this::doAll, "turns");
        thread.setDaemon(true);
        thread.start();
    }

    private void doAll() {
        try {
            while (true) {
                Runnable next;
                synchronized (this) {
                    while (taken || waiting.isEmpty()) {
                        wait();
                    }
                    next = waiting.remove(0);
                    busy = true;
                }
                next.run();
                synchronized (this) {
                    busy = false;
                    notifyAll();
                }
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public synchronized void execute(Runnable task) {
        waiting.add(task);
        notifyAll();
    }

    /** Waits until there is nothing to do; from now on nothing is done unasked. */
    synchronized void take() {
        long end = System.nanoTime() + PATIENCE_NANOS;
        try {
            while (busy || !waiting.isEmpty()) {
                if (System.nanoTime() - end > 0) {
                    throw new AssertionError("still busy");
                }
                wait(CHECK_MILLIS);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        taken = true;
    }

    /** Everything is done as it arrives, again. */
    synchronized void giveBack() {
        taken = false;
        notifyAll();
    }

    /** Does one of the things that wait; false if there are none. */
    boolean doOne(Random which) {
        Runnable next;
        synchronized (this) {
            if (waiting.isEmpty()) {
                return false;
            }
            next = waiting.remove(which.nextInt(waiting.size()));
        }
        next.run();
        return true;
    }

    // ---- an actor system that ends does not end it ----

    @Override
    public void shutdown() {}

    @Override
    public List<Runnable> shutdownNow() {
        return List.of();
    }

    @Override
    public boolean isShutdown() {
        return false;
    }

    @Override
    public boolean isTerminated() {
        return false;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return true;
    }
}
