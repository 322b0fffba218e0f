// SPDX-License-Identifier: Apache-2.0

package ockam.authority;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import ockam.wire.Decoded;

/** The forms of tickets that are JSON (authority, section 6). */
final class TicketJson {
    private TicketJson() {}

    static Decoded<Ticket> decode(String json) {
        return Json.read(json).flatMap(node -> node.has("project") ? legacy(node) : current(node));
    }

    private static Decoded<Ticket> current(JsonNode node) {
        return Ticket.of(
                text(node.path("project_route"), "route"),
                text(node, "project_identifier"),
                text(node, "project_name"),
                text(node, "one_time_code"),
                text(node, "project_change_history"),
                text(node, "authority_change_history"),
                text(node, "authority_route"));
    }

    private static Decoded<Ticket> legacy(JsonNode node) {
        JsonNode project = node.path("project");
        return Ticket.of(
                text(project, "access_route"),
                text(project, "identity"),
                text(project, "name"),
                text(node, "one_time_code"),
                text(project, "project_change_history"),
                text(project, "authority_identity"),
                text(project, "authority_access_route"));
    }

    /** What is missing is empty, which no part of a ticket may be, except for a name. */
    private static String text(JsonNode node, String name) {
        JsonNode value = node.path(name);
        return value.isTextual() ? value.textValue() : "";
    }

    static String json(Ticket ticket) {
        ObjectNode node = Json.object();
        node.put("one_time_code", Ticket.hex(ticket.code().bytes()));
        node.putObject("project_route").put("id", ticket.projectId()).put("route", ticket.projectRoute());
        node.put("project_identifier", ticket.project().toString());
        node.put("project_name", ticket.projectName());
        node.put("project_change_history", Ticket.hex(ticket.projectHistory().export()));
        node.put(
                "authority_change_history", Ticket.hex(ticket.authorityHistory().export()));
        node.put("authority_route", ticket.authorityRoute());
        return Json.write(node);
    }

    static String legacy(Ticket ticket) {
        ObjectNode node = Json.object();
        node.put("one_time_code", Ticket.hex(ticket.code().bytes()));
        ObjectNode project = node.putObject("project");
        project.put("id", ticket.projectId());
        project.put("name", ticket.projectName());
        project.put("space_name", "");
        project.put("access_route", ticket.projectRoute());
        project.putArray("users");
        project.put("space_id", "");
        project.put("identity", ticket.project().toString());
        project.put("authority_access_route", ticket.authorityRoute());
        project.put("authority_identity", Ticket.hex(ticket.authorityHistory().export()));
        project.putNull("version");
        project.putNull("running");
        project.putNull("operation_id");
        project.putArray("user_roles");
        project.put("project_change_history", Ticket.hex(ticket.projectHistory().export()));
        return Json.write(node);
    }
}
