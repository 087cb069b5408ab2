import type { LackedAuth, Lacks } from './feature.js';
import { allCells, type ForeignKind } from './foreign-client.js';
import { installed } from './installed.js';
import { LineClient } from './line-client.js';

/** Whether go/install.sh has built the clients. */
export const hasGoClients =
  installed('go/nexus-client') !== undefined && installed('go/xconn-client') !== undefined;

const json = {
  nexus: { binary: 'reads binary as the text that stands for it' },
  xconn: { binary: 'writes bytes as bare base64', 'big integers': 'reads every number as a double' },
} as const;

const noEd25519 = 'has no Ed25519, and leaves the signature to its user';

/** Go `github.com/gammazero/nexus/v3/client`. */
export const nexusGo: ForeignKind = kindOf('nexus-client', 'tcp', {
  lacksInJson: json.nexus,
  abortIsToldBy: 'message',
  lackedAuth: {
    cryptosign: noEd25519,
    'cryptosign without authid': noEd25519,
    'cryptosign, tls-unique': noEd25519,
    'wamp-scram': 'has no SCRAM',
  },
});

/** Go `github.com/xconnio/xconn-go`. */
export const xconnGo: ForeignKind = kindOf('xconn-client', 'rs', {
  lacksInJson: json.xconn,
  abortIsToldBy: 'reason',
  lackedAuth: { 'cryptosign, tls-unique': 'binds to no channel', 'wamp-scram': 'has no SCRAM' },
});

interface GoKind {
  readonly lacksInJson: Lacks;
  readonly lackedAuth: LackedAuth;
  readonly abortIsToldBy: ForeignKind['abortIsToldBy'];
}

function kindOf(program: string, rawScheme: string, { lacksInJson, ...rest }: GoKind): ForeignKind {
  return {
    ...rest,
    cells: allCells.map((cell) => (cell.serializer === 'json' ? { ...cell, lacks: lacksInJson } : cell)),
    connect(options) {
      const { transport, address } = options;
      const url = transport === 'websocket' ? `ws://${address}/ws` : `${rawScheme}://${address}`;
      return LineClient.start([installed(`go/${program}`) ?? program], url, options);
    },
  };
}
