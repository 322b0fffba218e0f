// SPDX-License-Identifier: Apache-2.0

/**
 * A store that lasts, in SQLite or PostgreSQL: {@link ockam.store.JdbcStore}, and {@link ockam.store.OckamStore} for that of an actor
 * system. Private keys are sealed.
 */
@NullMarked
package ockam.store;

import org.jspecify.annotations.NullMarked;
