import { type Message, MessageCode, messageName, type Payload, ProtocolError } from '@wampkit/protocol';
import type { Realm } from '../realm/realm.js';
import type { Session } from './session.js';

/**
 * Gives a message of a joined session to broker or dealer.
 *
 * @throws {ProtocolError} when the session broke the protocol: it must be ended (BP-PERR)
 */
export function dispatchMessage(realm: Realm, session: Session, message: Message): void {
  switch (message.code) {
    case MessageCode.Publish:
      refuseBinary(message);
      session.admitRequest(message.request);
      realm.broker.publish(session, message);
      return;
    case MessageCode.Call:
      refuseBinary(message);
      realm.dealer.call(session, message);
      return;
    case MessageCode.Yield:
      refuseBinary(message);
      realm.dealer.yield(session, message);
      return;
    case MessageCode.Error:
      refuseBinary(message);
      realm.dealer.error(session, message);
      return;
    case MessageCode.Cancel:
      realm.dealer.cancel(session, message);
      return;
    case MessageCode.Subscribe:
      session.admitRequest(message.request);
      realm.broker.subscribe(session, message);
      return;
    case MessageCode.Unsubscribe:
      session.admitRequest(message.request);
      realm.broker.unsubscribe(session, message);
      return;
    case MessageCode.Register:
      session.admitRequest(message.request);
      realm.dealer.registry.register(session, message);
      return;
    case MessageCode.Unregister:
      session.admitRequest(message.request);
      realm.dealer.registry.unregister(session, message);
      return;
    default:
      throw new ProtocolError(`${messageName(message.code)} is not for a router in a session`); // BP-PERR-02, BP-PERR-05
  }
}

/* PPT-05: an opaque payload is one binary within Arguments, which stays a list (BP-PERR-06). */
function refuseBinary(message: { readonly code: number; readonly payload: Payload }): void {
  if (message.payload.isBinary)
    throw new ProtocolError(`${messageName(message.code)}: Arguments must be a list, not binary`);
}
