import { MessageCode, type RequestType } from './message-code.js';
import { Payload } from './payload.js';

/** Options, Details or Extra of a message: a dict with unique string keys. Frozen; never mutate one. */
export type Dict = Readonly<Record<string, unknown>>;

/** The empty dict. Codecs give this very object for `{}`, so that it is recognised by identity. */
export const emptyDict: Dict = Object.freeze({});

/* One class a message type, all fields set in the constructor in the order of the wire, so that engines see one
   shape each. Field names are the spec's. */

/** `[1, Realm, Details]` */
export class Hello {
  readonly code = MessageCode.Hello;
  readonly realm: string;
  readonly details: Dict;
  constructor(realm: string, details: Dict) {
    this.realm = realm;
    this.details = details;
  }
}

/** `[2, Session, Details]` */
export class Welcome {
  readonly code = MessageCode.Welcome;
  readonly session: number;
  readonly details: Dict;
  constructor(session: number, details: Dict) {
    this.session = session;
    this.details = details;
  }
}

/** `[3, Details, Reason, Arguments?, ArgumentsKw?]` */
export class Abort {
  readonly code = MessageCode.Abort;
  readonly details: Dict;
  readonly reason: string;
  readonly payload: Payload;
  constructor(details: Dict, reason: string, payload: Payload = Payload.empty) {
    this.details = details;
    this.reason = reason;
    this.payload = payload;
  }
}

/** `[4, AuthMethod, Extra]` */
export class Challenge {
  readonly code = MessageCode.Challenge;
  readonly authmethod: string;
  readonly extra: Dict;
  constructor(authmethod: string, extra: Dict) {
    this.authmethod = authmethod;
    this.extra = extra;
  }
}

/** `[5, Signature, Extra]` */
export class Authenticate {
  readonly code = MessageCode.Authenticate;
  readonly signature: string;
  readonly extra: Dict;
  constructor(signature: string, extra: Dict) {
    this.signature = signature;
    this.extra = extra;
  }
}

/** `[6, Details, Reason]` */
export class Goodbye {
  readonly code = MessageCode.Goodbye;
  readonly details: Dict;
  readonly reason: string;
  constructor(details: Dict, reason: string) {
    this.details = details;
    this.reason = reason;
  }
}

/** `[8, REQUEST.Type, REQUEST.Request, Details, Error, Arguments?, ArgumentsKw?]` */
export class ErrorMessage {
  readonly code = MessageCode.Error;
  readonly requestType: RequestType;
  readonly request: number;
  readonly details: Dict;
  readonly error: string;
  readonly payload: Payload;
  constructor(
    requestType: RequestType,
    request: number,
    details: Dict,
    error: string,
    payload: Payload = Payload.empty,
  ) {
    this.requestType = requestType;
    this.request = request;
    this.details = details;
    this.error = error;
    this.payload = payload;
  }
}

/** `[16, Request, Options, Topic, Arguments?, ArgumentsKw?]` */
export class Publish {
  readonly code = MessageCode.Publish;
  readonly request: number;
  readonly options: Dict;
  readonly topic: string;
  readonly payload: Payload;
  constructor(request: number, options: Dict, topic: string, payload: Payload = Payload.empty) {
    this.request = request;
    this.options = options;
    this.topic = topic;
    this.payload = payload;
  }
}

/** `[17, PUBLISH.Request, Publication]` */
export class Published {
  readonly code = MessageCode.Published;
  readonly request: number;
  readonly publication: number;
  constructor(request: number, publication: number) {
    this.request = request;
    this.publication = publication;
  }
}

/** `[32, Request, Options, Topic]` */
export class Subscribe {
  readonly code = MessageCode.Subscribe;
  readonly request: number;
  readonly options: Dict;
  readonly topic: string;
  constructor(request: number, options: Dict, topic: string) {
    this.request = request;
    this.options = options;
    this.topic = topic;
  }
}

/** `[33, SUBSCRIBE.Request, Subscription]` */
export class Subscribed {
  readonly code = MessageCode.Subscribed;
  readonly request: number;
  readonly subscription: number;
  constructor(request: number, subscription: number) {
    this.request = request;
    this.subscription = subscription;
  }
}

/** `[34, Request, SUBSCRIBED.Subscription]` */
export class Unsubscribe {
  readonly code = MessageCode.Unsubscribe;
  readonly request: number;
  readonly subscription: number;
  constructor(request: number, subscription: number) {
    this.request = request;
    this.subscription = subscription;
  }
}

/** `[35, UNSUBSCRIBE.Request]`, or `[35, 0, Details]` when the router revokes a subscription (SREV-01). */
export class Unsubscribed {
  readonly code = MessageCode.Unsubscribed;
  readonly request: number;
  readonly details: Dict | null;
  constructor(request: number, details: Dict | null = null) {
    this.request = request;
    this.details = details;
  }
}

/** `[36, Subscription, Publication, Details, Arguments?, ArgumentsKw?]` */
export class Event {
  readonly code = MessageCode.Event;
  readonly subscription: number;
  readonly publication: number;
  readonly details: Dict;
  readonly payload: Payload;
  constructor(subscription: number, publication: number, details: Dict, payload: Payload = Payload.empty) {
    this.subscription = subscription;
    this.publication = publication;
    this.details = details;
    this.payload = payload;
  }
}

/** `[48, Request, Options, Procedure, Arguments?, ArgumentsKw?]` */
export class Call {
  readonly code = MessageCode.Call;
  readonly request: number;
  readonly options: Dict;
  readonly procedure: string;
  readonly payload: Payload;
  constructor(request: number, options: Dict, procedure: string, payload: Payload = Payload.empty) {
    this.request = request;
    this.options = options;
    this.procedure = procedure;
    this.payload = payload;
  }
}

/** `[49, CALL.Request, Options]` */
export class Cancel {
  readonly code = MessageCode.Cancel;
  readonly request: number;
  readonly options: Dict;
  constructor(request: number, options: Dict) {
    this.request = request;
    this.options = options;
  }
}

/** `[50, CALL.Request, Details, Arguments?, ArgumentsKw?]` */
export class Result {
  readonly code = MessageCode.Result;
  readonly request: number;
  readonly details: Dict;
  readonly payload: Payload;
  constructor(request: number, details: Dict, payload: Payload = Payload.empty) {
    this.request = request;
    this.details = details;
    this.payload = payload;
  }
}

/** `[64, Request, Options, Procedure]` */
export class Register {
  readonly code = MessageCode.Register;
  readonly request: number;
  readonly options: Dict;
  readonly procedure: string;
  constructor(request: number, options: Dict, procedure: string) {
    this.request = request;
    this.options = options;
    this.procedure = procedure;
  }
}

/** `[65, REGISTER.Request, Registration]` */
export class Registered {
  readonly code = MessageCode.Registered;
  readonly request: number;
  readonly registration: number;
  constructor(request: number, registration: number) {
    this.request = request;
    this.registration = registration;
  }
}

/** `[66, Request, REGISTERED.Registration]` */
export class Unregister {
  readonly code = MessageCode.Unregister;
  readonly request: number;
  readonly registration: number;
  constructor(request: number, registration: number) {
    this.request = request;
    this.registration = registration;
  }
}

/** `[67, UNREGISTER.Request]`, or `[67, 0, Details]` when the router revokes a registration (RREV-02). */
export class Unregistered {
  readonly code = MessageCode.Unregistered;
  readonly request: number;
  readonly details: Dict | null;
  constructor(request: number, details: Dict | null = null) {
    this.request = request;
    this.details = details;
  }
}

/** `[68, Request, Registration, Details, Arguments?, ArgumentsKw?]` */
export class Invocation {
  readonly code = MessageCode.Invocation;
  readonly request: number;
  readonly registration: number;
  readonly details: Dict;
  readonly payload: Payload;
  constructor(request: number, registration: number, details: Dict, payload: Payload = Payload.empty) {
    this.request = request;
    this.registration = registration;
    this.details = details;
    this.payload = payload;
  }
}

/** `[69, INVOCATION.Request, Options]` */
export class Interrupt {
  readonly code = MessageCode.Interrupt;
  readonly request: number;
  readonly options: Dict;
  constructor(request: number, options: Dict) {
    this.request = request;
    this.options = options;
  }
}

/** `[70, INVOCATION.Request, Options, Arguments?, ArgumentsKw?]` */
export class Yield {
  readonly code = MessageCode.Yield;
  readonly request: number;
  readonly options: Dict;
  readonly payload: Payload;
  constructor(request: number, options: Dict, payload: Payload = Payload.empty) {
    this.request = request;
    this.options = options;
    this.payload = payload;
  }
}

/** `[337, Publication]`; known from the official vectors, no peer of wampkit sends it. */
export class EventReceived {
  readonly code = MessageCode.EventReceived;
  readonly publication: number;
  constructor(publication: number) {
    this.publication = publication;
  }
}

/** Any WAMP message; `code` tells which. */
export type Message =
  | Hello
  | Welcome
  | Abort
  | Challenge
  | Authenticate
  | Goodbye
  | ErrorMessage
  | Publish
  | Published
  | Subscribe
  | Subscribed
  | Unsubscribe
  | Unsubscribed
  | Event
  | Call
  | Cancel
  | Result
  | Register
  | Registered
  | Unregister
  | Unregistered
  | Invocation
  | Interrupt
  | Yield
  | EventReceived;
