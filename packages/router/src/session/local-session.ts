import { createPeerPair, type Dict, emptyDict, type Peer } from '@wampkit/protocol';
import type { Realm } from '../realm/realm.js';
import { dispatchMessage } from './message-dispatch.js';

/**
 * Joins a session of the router itself, without a handshake. It is served as any other, by messages.
 *
 * @returns the application's end of its transport; closing it ends the session
 */
export function openLocalSession(
  realm: Realm,
  options: { readonly authid: string; readonly roles?: Dict },
): Peer {
  const [peer, application] = createPeerPair();
  const fail = (error: unknown): void => {
    realm.hooks.bug?.({ realm: realm.name, session: session.id, error });
  };
  const session = realm.joinLocal({
    id: realm.reserveId(),
    peer,
    identity: { authid: options.authid, authrole: 'trusted', authmethod: 'local', authprovider: 'router' },
    roles: options.roles ?? emptyDict,
    abort: (reason) => peer.close(reason),
  });
  peer.onMessage = (message) => {
    try {
      dispatchMessage(realm, session, message);
    } catch (error) {
      fail(error);
    }
  };
  peer.onClose = () => realm.leave(session);
  return application;
}
