import type { Command } from 'commander';

/** Adds the options of the action `events`: the conditions of `get_events`, by the names of WAMP (HIST-03). */
export function addEventsOptions(command: Command): void {
  command
    .option('--limit <n>', 'events: so many at most')
    .option('--reverse', 'events: the newest first')
    .option('--topic <uri>', 'events: of this topic alone')
    .option('--from-time <time>', 'events: received then or later: 2026-01-31T12:00:00Z')
    .option('--after-time <time>', 'events: later than then')
    .option('--before-time <time>', 'events: earlier than then')
    .option('--until-time <time>', 'events: then or earlier')
    .option('--from-publication <id>', 'events: from this one on')
    .option('--after-publication <id>', 'events: those behind this one')
    .option('--before-publication <id>', 'events: those before this one')
    .option('--until-publication <id>', 'events: up to this one');
}
