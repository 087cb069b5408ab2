/** Predefined error URIs (spec: Predefined URIs). The values are what goes over the wire. */
export const ErrorUri = {
  InvalidUri: 'wamp.error.invalid_uri',
  NoSuchProcedure: 'wamp.error.no_such_procedure',
  ProcedureAlreadyExists: 'wamp.error.procedure_already_exists',
  NoSuchRegistration: 'wamp.error.no_such_registration',
  NoSuchSubscription: 'wamp.error.no_such_subscription',
  InvalidArgument: 'wamp.error.invalid_argument',
  Canceled: 'wamp.error.canceled',
  PayloadSizeExceeded: 'wamp.error.payload_size_exceeded',
  ProtocolViolation: 'wamp.error.protocol_violation',
  NotAuthorized: 'wamp.error.not_authorized',
  AuthorizationFailed: 'wamp.error.authorization_failed',
  NoSuchRealm: 'wamp.error.no_such_realm',
  NoSuchRole: 'wamp.error.no_such_role',
  NoMatchingAuthMethod: 'wamp.error.no_matching_auth_method',
  NoSuchPrincipal: 'wamp.error.no_such_principal',
  AuthenticationDenied: 'wamp.error.authentication_denied',
  AuthenticationFailed: 'wamp.error.authentication_failed',
  AuthenticationRequired: 'wamp.error.authentication_required',
  Timeout: 'wamp.error.timeout',
  OptionNotAllowed: 'wamp.error.option_not_allowed',
  DiscloseMeDisallowed: 'wamp.error.option_disallowed.disclose_me',
  NetworkFailure: 'wamp.error.network_failure',
  Unavailable: 'wamp.error.unavailable',
  NoAvailableCallee: 'wamp.error.no_available_callee',
  FeatureNotSupported: 'wamp.error.feature_not_supported',
  NoSuchSession: 'wamp.error.no_such_session',
  /** De facto, of Crossbar: the events of a subscription are not kept. */
  HistoryUnavailable: 'wamp.error.history_unavailable',
  /** De facto, of every SDK: an exception in application code. */
  RuntimeError: 'wamp.error.runtime_error',
} as const;

/** Predefined close reasons, for GOODBYE and ABORT (spec: Predefined URIs). */
export const CloseUri = {
  SystemShutdown: 'wamp.close.system_shutdown',
  CloseRealm: 'wamp.close.close_realm',
  GoodbyeAndOut: 'wamp.close.goodbye_and_out',
  Killed: 'wamp.close.killed',
} as const;
