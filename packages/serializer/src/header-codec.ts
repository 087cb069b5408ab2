import {
  MessageCode as C,
  Call,
  type Dict,
  ErrorMessage,
  Event,
  Invocation,
  type Message,
  messageValues,
  type Payload,
  Publish,
  Published,
  type RequestType,
  Result,
  Yield,
} from '@wampkit/protocol';

/**
 * Reads a message from front to back in its ordinary form. Each method gives a value that says "odd" as soon as
 * anything is not quite ordinary: the message is then decoded the cold way from its start.
 */
export interface HeaderReader {
  /** The message type; 0 is odd. */
  code(): number;
  /** An id; 0 is odd. */
  id(): number;
  /** Options or Details of a message of type `code`; null is odd. */
  dict(code: number): Dict | null;
  /** A URI; null is odd. */
  uri(): string | null;
  /** The rest as the payload, validated; null is odd. */
  payload(): Payload | null;
  /** Whether the message ends here. */
  ends(): boolean;
}

/** Reads one of the hot messages. `null`: something is odd, or it is another message. */
export function readHotMessage(r: HeaderReader): Message | null {
  const code = r.code();
  switch (code) {
    case C.Call:
    case C.Publish: {
      const request = r.id();
      if (request === 0) return null;
      const options = r.dict(code);
      if (options === null) return null;
      const uri = r.uri();
      if (uri === null) return null;
      const payload = r.payload();
      if (payload === null) return null;
      return code === C.Call
        ? new Call(request, options, uri, payload)
        : new Publish(request, options, uri, payload);
    }
    case C.Yield:
    case C.Result: {
      const request = r.id();
      if (request === 0) return null;
      const dict = r.dict(code);
      if (dict === null) return null;
      const payload = r.payload();
      if (payload === null) return null;
      return code === C.Yield ? new Yield(request, dict, payload) : new Result(request, dict, payload);
    }
    case C.Event:
    case C.Invocation: {
      const first = r.id();
      if (first === 0) return null;
      const second = r.id();
      if (second === 0) return null;
      const details = r.dict(code);
      if (details === null) return null;
      const payload = r.payload();
      if (payload === null) return null;
      return code === C.Event
        ? new Event(first, second, details, payload)
        : new Invocation(first, second, details, payload);
    }
    case C.Error:
      return readError(r);
    case C.Published: {
      const request = r.id();
      if (request === 0) return null;
      const publication = r.id();
      if (publication === 0 || !r.ends()) return null;
      return new Published(request, publication);
    }
    default:
      return null;
  }
}

function readError(r: HeaderReader): Message | null {
  const type = r.id();
  // The types of requests that hot messages answer; the cold way knows the others.
  if (type !== C.Call && type !== C.Invocation && type !== C.Publish) return null;
  const request = r.id();
  if (request === 0) return null;
  const details = r.dict(C.Error);
  if (details === null) return null;
  const uri = r.uri();
  if (uri === null) return null;
  const payload = r.payload();
  if (payload === null) return null;
  return new ErrorMessage(type as RequestType, request, details, uri, payload);
}

/** Writes the elements of a message, without Arguments and ArgumentsKw, in order. */
export interface HeaderWriter {
  /** Begins a message of `count` elements, its type and payload included. */
  open(code: number, count: number): void;
  id(id: number): void;
  text(text: string): void;
  dict(dict: Dict): void;
}

/** Writes the header of a message. Returns the payload that belongs after it, `null` for a message without one. */
export function writeHeader(w: HeaderWriter, message: Message): Payload | null {
  switch (message.code) {
    case C.Event:
      w.open(C.Event, 4 + message.payload.count);
      w.id(message.subscription);
      w.id(message.publication);
      w.dict(message.details);
      return message.payload;
    case C.Result:
      w.open(C.Result, 3 + message.payload.count);
      w.id(message.request);
      w.dict(message.details);
      return message.payload;
    case C.Invocation:
      w.open(C.Invocation, 4 + message.payload.count);
      w.id(message.request);
      w.id(message.registration);
      w.dict(message.details);
      return message.payload;
    case C.Yield:
      w.open(C.Yield, 3 + message.payload.count);
      w.id(message.request);
      w.dict(message.options);
      return message.payload;
    case C.Call:
      w.open(C.Call, 4 + message.payload.count);
      w.id(message.request);
      w.dict(message.options);
      w.text(message.procedure);
      return message.payload;
    case C.Publish:
      w.open(C.Publish, 4 + message.payload.count);
      w.id(message.request);
      w.dict(message.options);
      w.text(message.topic);
      return message.payload;
    case C.Published:
      w.open(C.Published, 3);
      w.id(message.request);
      w.id(message.publication);
      return null;
    default:
      return writeOtherHeader(w, message);
  }
}

function writeOtherHeader(w: HeaderWriter, message: Message): Payload | null {
  const values = messageValues(message);
  const payload = 'payload' in message ? message.payload : null;
  w.open(message.code, 1 + values.length + (payload === null ? 0 : payload.count));
  for (const value of values) {
    if (typeof value === 'number') w.id(value);
    else if (typeof value === 'string') w.text(value);
    else w.dict(value as Dict);
  }
  return payload;
}
