// For embedders: the seams of the router, and the checks that whoever implements one runs.
export type {
  AcceptStep,
  Authenticator,
  AuthRequest,
  AuthStep,
  ChallengeStep,
  DenyStep,
} from '../authentication/authenticator.js';
export {
  type AuthAttempt,
  type AuthenticatorFixture,
  authenticatorContract,
  type ContractCheck,
} from './authenticator-contract.js';
