import type { RouterEvents } from '@wampkit/router';

/** How far inputs got: fuzzing that never gets beyond a handshake tests nothing. */
export interface FuzzReach {
  joined: number;
  violations: number;
}

/** Hooks that count. */
export function countReach(reach: FuzzReach): Pick<RouterEvents, 'sessionJoined' | 'violation'> {
  return {
    sessionJoined: () => {
      reach.joined++;
    },
    violation: () => {
      reach.violations++;
    },
  };
}
