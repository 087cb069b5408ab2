import {
  Call,
  Cancel,
  type CloseReason,
  type Dict,
  ErrorMessage,
  ErrorUri,
  Event,
  hasFeature,
  Interrupt,
  Invocation,
  type Message,
  MessageCode,
  Payload,
  type Peer,
  type ProtocolError,
  Publish,
  Result,
  type SharedMessage,
  type TransportInfo,
  WampError,
  Yield,
} from '@wampkit/protocol';
import type { PayloadReporter } from '../payload-codec.js';
import { type Conversation, Conversations } from './conversations.js';
import { ADD_TESTAMENT, packTestament } from './pack-testament.js';
import { payloadError } from './packed-item.js';
import type { Packer, Packing } from './packing.js';
import { type PassthruOptions, passthruOf } from './passthru-options.js';

/**
 * A peer that packs what its owner sends and unpacks what it gets. What cannot be read ends the call that it belongs to,
 * or is reported when it is an event (PPT-08); never the session.
 */
export class PackingPeer implements Peer {
  onMessage: ((message: Message) => void) | null = null;
  readonly #peer: Peer;
  readonly #packer: Packer;
  readonly #reporter: PayloadReporter;
  readonly #open = new Conversations();
  /** WELCOME.Details.roles. */
  #roles: Dict = {};

  constructor(peer: Peer, packer: Packer, reporter: PayloadReporter) {
    this.#peer = peer;
    this.#packer = packer;
    this.#reporter = reporter;
    peer.onMessage = (message) => this.#receive(message);
  }

  get encoding(): string {
    return this.#peer.encoding;
  }

  get transport(): TransportInfo {
    return this.#peer.transport;
  }

  get congested(): boolean {
    return this.#peer.congested;
  }

  get queuedBytes(): number {
    return this.#peer.queuedBytes;
  }

  get onViolation(): ((error: ProtocolError) => void) | null {
    return this.#peer.onViolation;
  }

  set onViolation(handler: ((error: ProtocolError) => void) | null) {
    this.#peer.onViolation = handler;
  }

  get onClose(): ((reason: CloseReason) => void) | null {
    return this.#peer.onClose;
  }

  set onClose(handler: ((reason: CloseReason) => void) | null) {
    this.#peer.onClose = handler;
  }

  send(message: Message): WampError | null {
    try {
      return this.#send(message);
    } catch (error) {
      return error as WampError;
    }
  }

  sendShared(shared: SharedMessage): WampError | null {
    return this.send(shared.message);
  }

  pause(): void {
    this.#peer.pause();
  }

  resume(): void {
    this.#peer.resume();
  }

  close(reason?: string): void {
    this.#peer.close(reason);
  }

  #send(message: Message): WampError | null {
    switch (message.code) {
      case MessageCode.Publish:
        return this.#publish(message);
      case MessageCode.Call:
        return this.#call(message.procedure === ADD_TESTAMENT ? this.#testament(message) : message);
      case MessageCode.Yield:
      case MessageCode.Error:
        return this.#answer(message);
      default:
        this.#open.sent(message);
        return this.#peer.send(message);
    }
  }

  #publish(message: Publish): WampError | null {
    const { request, options, topic, payload } = message;
    const packing = this.#packer.choose(topic, passthruOf(options));
    if (packing === null) return this.#peer.send(message);
    this.#demand('broker');
    return this.#peer.send(new Publish(request, packed(options, packing), topic, packing.pack(payload)));
  }

  #testament(message: Call): Call {
    const packed = packTestament(this.#packer, message);
    if (packed !== message) this.#demand('broker');
    return packed;
  }

  #call(message: Call): WampError | null {
    const { request, options, procedure, payload } = message;
    const open = this.#open.calls.get(request);
    const packing = open ? open.packing : this.#packer.choose(procedure, passthruOf(options));
    if (packing !== null) this.#demand('dealer');
    if (open === undefined)
      this.#open.calls.set(request, { procedure, packing, received: null, isOpen: false });
    // PCI-09: what the first chunk said holds
    const all = packing === null || open !== undefined ? options : packed(options, packing);
    const refused = this.#peer.send(
      packing === null ? message : new Call(request, all, procedure, packing.pack(payload)),
    );
    if (refused !== null && open === undefined) this.#open.calls.delete(request);
    return refused;
  }

  /* PPT-03: a router that did not announce it would end the session. */
  #demand(role: 'broker' | 'dealer'): void {
    if (hasFeature(this.#roles, role, 'payload_passthru_mode')) return;
    const text = `the ${role} of this router does not support payload_passthru_mode`;
    throw new WampError(text, { uri: ErrorUri.FeatureNotSupported });
  }

  /* Answers are packed as the invocation was, unless they say otherwise. */
  #answer(message: Yield | ErrorMessage): WampError | null {
    const open = this.#open.invocations.get(message.request);
    if (open === undefined) return this.#peer.send(message);
    const isError = message.code === MessageCode.Error;
    const refused = this.#peer.send(
      isError ? this.#packError(message, open) : this.#packYield(message, open),
    );
    if (refused === null && (isError || message.options.progress !== true))
      this.#open.endInvocation(message.request);
    return refused;
  }

  #packYield(message: Yield, open: Conversation): Yield {
    const { request, options, payload } = message;
    const asked = passthruOf(options);
    const packing = asked === null ? this.#packingOf(open) : this.#packer.choose(open.procedure, asked);
    return packing === null ? message : new Yield(request, packed(options, packing), packing.pack(payload));
  }

  /* An ERROR whose payload cannot be packed goes without one: its caller waits for it, and nothing may leak. */
  #packError(message: ErrorMessage, open: Conversation): ErrorMessage {
    const { requestType, request, details, error, payload } = message;
    if (open.received === null || payload.count === 0) return message;
    try {
      const packing = this.#packingOf(open) as Packing;
      return new ErrorMessage(requestType, request, packed(details, packing), error, packing.pack(payload));
    } catch (failure) {
      this.#reporter.report(failure, `error of "${open.procedure}"`);
      return new ErrorMessage(requestType, request, details, error);
    }
  }

  #packingOf(open: Conversation): Packing | null {
    open.packing ??= open.received === null ? null : this.#packer.choose(open.procedure, open.received);
    return open.packing;
  }

  #receive(message: Message): void {
    const passed = this.#unpack(message);
    if (passed !== null) this.onMessage?.(passed);
  }

  /* `null`: nothing of it is for the owner. */
  #unpack(message: Message): Message | null {
    switch (message.code) {
      case MessageCode.Event:
        return this.#event(message);
      case MessageCode.Result:
        return this.#result(message);
      case MessageCode.Error:
        return this.#error(message);
      case MessageCode.Invocation:
        return this.#invocation(message);
      default:
        if (message.code === MessageCode.Welcome) this.#roles = (message.details.roles ?? {}) as Dict;
        this.#open.received(message);
        return message;
    }
  }

  #event(message: Event): Event | null {
    const { subscription, publication, details, payload } = message;
    const topic = this.#open.topicOf(subscription, details);
    if (topic === undefined) return message;
    try {
      const unpacked = this.#packer.unpack(topic, passthruOf(details), payload);
      return unpacked === payload ? message : new Event(subscription, publication, details, unpacked);
    } catch (error) {
      this.#reporter.report(error, `event of "${topic}"`);
      return null;
    }
  }

  #result(message: Result): Result | ErrorMessage {
    const { request, details, payload } = message;
    const open = this.#open.calls.get(request);
    if (open === undefined) return message;
    const isProgress = details.progress === true;
    if (!isProgress) this.#open.calls.delete(request);
    try {
      const unpacked = this.#packer.unpack(open.procedure, passthruOf(details), payload);
      return unpacked === payload ? message : new Result(request, details, unpacked);
    } catch (error) {
      if (isProgress) this.#giveUp(request);
      return new ErrorMessage(
        MessageCode.Call,
        request,
        {},
        ErrorUri.InvalidArgument,
        textOf(error, 'result'),
      );
    }
  }

  /* The call ends here; its callee need not go on. */
  #giveUp(request: number): void {
    this.#open.calls.delete(request);
    this.#peer.send(new Cancel(request, { mode: 'killnowait' }));
  }

  #error(message: ErrorMessage): ErrorMessage {
    const { requestType, request, details, error, payload } = message;
    const open = requestType === MessageCode.Call ? this.#open.calls.get(request) : undefined;
    this.#open.calls.delete(request);
    this.#open.received(message);
    const attributes = passthruOf(details);
    // an ordinary one may be the router's own
    if (open === undefined || attributes === null) return message;
    return new ErrorMessage(requestType, request, details, error, this.#readError(open, attributes, payload));
  }

  #readError({ procedure }: Conversation, attributes: PassthruOptions, payload: Payload): Payload {
    try {
      return this.#packer.unpack(procedure, attributes, payload);
    } catch (failure) {
      return textOf(failure, 'error');
    }
  }

  #invocation(message: Invocation): Message | null {
    const { request, registration, details, payload } = message;
    const procedure = this.#open.procedureOf(registration, details);
    if (procedure === undefined) return message;
    if (this.#open.isLate(message)) return null;
    const isOpen = details.progress === true;
    const known = this.#open.invocations.get(request);
    // PCI-09: what the first chunk said holds
    const received = known === undefined ? passthruOf(details) : known.received;
    try {
      const unpacked = this.#packer.unpack(procedure, received, payload);
      if (known !== undefined) known.isOpen = isOpen;
      else this.#open.invocations.set(request, { procedure, packing: null, received, isOpen });
      return unpacked === payload ? message : new Invocation(request, registration, details, unpacked);
    } catch (error) {
      this.#open.invocations.set(request, { procedure, packing: null, received: null, isOpen });
      return this.#refuse(request, known !== undefined, error);
    }
  }

  /* The caller gets an ERROR; a procedure that runs already hears that its answer is no longer wanted. */
  #refuse(request: number, isRunning: boolean, error: unknown): Interrupt | null {
    this.#open.endInvocation(request);
    const payload = textOf(error, 'call');
    this.#peer.send(new ErrorMessage(MessageCode.Invocation, request, {}, ErrorUri.InvalidArgument, payload));
    return isRunning
      ? new Interrupt(request, { mode: 'killnowait', reason: ErrorUri.InvalidArgument })
      : null;
  }
}

function packed(dict: Dict, { attributes }: Packing): Dict {
  return { ...dict, ...attributes };
}

/* What throws may be a scheme of the application. */
function textOf(error: unknown, what: string): Payload {
  const { message } = error instanceof Error ? error : payloadError(String(error));
  return Payload.of([`the payload of the ${what} cannot be read: ${message}`]);
}
