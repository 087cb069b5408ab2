import { type Message, MessageCode, messageName, ProtocolError } from '@wampkit/protocol';
import type { Realm } from './realm.js';
import type { Session } from './session.js';

/**
 * Gives a message of a joined session to broker or dealer.
 *
 * @throws {ProtocolError} when the session broke the protocol: it must be ended (BP-PERR)
 */
export function dispatchMessage(realm: Realm, session: Session, message: Message): void {
  switch (message.code) {
    case MessageCode.Publish:
      session.admitRequest(message.request);
      return realm.broker.publish(session, message);
    case MessageCode.Call:
      session.admitRequest(message.request);
      return realm.dealer.call(session, message);
    case MessageCode.Yield:
      return realm.dealer.yield(session, message);
    case MessageCode.Error:
      return realm.dealer.error(session, message);
    case MessageCode.Cancel:
      return realm.dealer.cancel(session, message);
    case MessageCode.Subscribe:
      session.admitRequest(message.request);
      return realm.broker.subscribe(session, message);
    case MessageCode.Unsubscribe:
      session.admitRequest(message.request);
      return realm.broker.unsubscribe(session, message);
    case MessageCode.Register:
      session.admitRequest(message.request);
      return realm.dealer.registry.register(session, message);
    case MessageCode.Unregister:
      session.admitRequest(message.request);
      return realm.dealer.registry.unregister(session, message);
    default:
      throw new ProtocolError(`${messageName(message.code)} is not for a router in a session`); // BP-PERR-02, BP-PERR-05
  }
}
