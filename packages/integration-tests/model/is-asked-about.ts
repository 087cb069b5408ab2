import { isReservedUri, isUri, type MatchPolicy, type Message, MessageCode } from '@wampkit/protocol';
import type { NaiveRealm } from './naive-realm.js';
import { ASKED, forbidden, type NaiveSession } from './naive-session.js';

/** Whether an authorizer decides about a message: not where it is refused whatever the answer, or goes on with a call. */
export function isAskedAbout(realm: NaiveRealm, session: NaiveSession, message: Message): boolean {
  if (session.authrole !== ASKED) return false;
  switch (message.code) {
    case MessageCode.Publish:
      return isUri(message.topic) && !isReservedUri(message.topic);
    case MessageCode.Call: {
      const { procedure, request } = message;
      if (realm.calls.some((call) => call.caller === session && call.request === request)) return false;
      if (session.ended.has(request)) return false;
      return isUri(procedure) && !forbidden.includes(procedure);
    }
    case MessageCode.Subscribe:
      return isUri(message.topic, message.options.match as MatchPolicy | undefined);
    case MessageCode.Register: {
      const { procedure, options } = message;
      return isUri(procedure, options.match as MatchPolicy | undefined) && !isReservedUri(procedure);
    }
    default:
      return false;
  }
}
