export type {
  AcceptStep,
  Authenticator,
  AuthRequest,
  AuthStep,
  ChallengeStep,
  DenyStep,
} from '../authenticator.js';
