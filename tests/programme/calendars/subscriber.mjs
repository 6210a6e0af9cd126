// A calendar program that follows a feed, with another parser than ours (ical.js).
// In: a JSON array of calendar files, in the order in which they were fetched. Out: after each of them,
// what stands in the calendar: {uid: {start, end, title, status, sequence, location, alarm}}.
import ICAL from "ical.js";
import { readFileSync } from "node:fs";

const files = JSON.parse(readFileSync(0, "utf8"));
let known = new Map();

function entry(event, component) {
  return {
    start: event.startDate.toJSDate().toISOString(),
    end: event.endDate.toJSDate().toISOString(),
    title: event.summary,
    status: component.getFirstPropertyValue("status"),
    sequence: event.sequence,
    location: event.location,
    url: component.getFirstPropertyValue("url"),
    alarm: component.getFirstSubcomponent("valarm")?.getFirstPropertyValue("trigger").toString() ?? null,
  };
}

const seen = files.map((text) => {
  const calendar = new ICAL.Component(ICAL.parse(text));
  const now = new Map();
  for (const component of calendar.getAllSubcomponents("vevent")) {
    const event = new ICAL.Event(component);
    if (now.has(event.uid)) throw new Error(`twice in one file: ${event.uid}`);
    const before = known.get(event.uid);
    const fresh = entry(event, component);
    // RFC 5545, 3.8.7.4: an older revision never replaces a newer one.
    now.set(event.uid, before && before.sequence > fresh.sequence ? before : fresh);
  }
  known = now; // what a feed does not name any more, a follower forgets
  return {
    name: calendar.getFirstPropertyValue("name"),
    refresh: calendar.getFirstPropertyValue("refresh-interval")?.toString() ?? null,
    source: calendar.getFirstPropertyValue("source") ?? null,
    method: calendar.getFirstPropertyValue("method"),
    events: Object.fromEntries(known),
  };
});
process.stdout.write(JSON.stringify(seen));
