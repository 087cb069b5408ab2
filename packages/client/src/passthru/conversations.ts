import { type Dict, type Invocation, type Message, MessageCode } from '@wampkit/protocol';
import { limits } from '../limits.js';
import type { Packing } from './packing.js';
import type { PassthruOptions } from './passthru-options.js';

/** An open call, as its caller or its callee sees it. */
export interface Conversation {
  readonly procedure: string;
  /** How what is sent in it is packed; `null`: it is not. */
  packing: Packing | null;
  /** What came with its first message (PCI-09); `null`: its payload is an ordinary one. */
  readonly received: PassthruOptions | null;
  /** Whether more chunks of an invocation follow. */
  isOpen: boolean;
}

/** What the messages of one session are about: topics and procedures by the ids that stand for them. */
export class Conversations {
  /** By CALL.Request. */
  readonly calls = new Map<number, Conversation>();
  /** By INVOCATION.Request. */
  readonly invocations = new Map<number, Conversation>();
  /** Invocations that ended before their last chunk: what comes of them is late (PCI-08). */
  readonly #late = new Set<number>();
  readonly #requested = new Map<number, string>();
  readonly #topics = new Map<number, string>();
  readonly #procedures = new Map<number, string>();

  /** The topic of an EVENT; `undefined` when its subscription is gone. */
  topicOf(subscription: number, details: Dict): string | undefined {
    const topic = this.#topics.get(subscription);
    return topic === undefined ? undefined : ((details.topic as string | undefined) ?? topic);
  }

  /** The procedure of an INVOCATION; `undefined` when its registration is gone. */
  procedureOf(registration: number, details: Dict): string | undefined {
    const procedure = this.#procedures.get(registration);
    return procedure === undefined ? undefined : ((details.procedure as string | undefined) ?? procedure);
  }

  /** Ends an invocation: its answer is out, or nobody waits for one. */
  endInvocation(request: number): void {
    const isOpen = this.invocations.get(request)?.isOpen === true;
    this.invocations.delete(request);
    if (!isOpen) return;
    this.#late.add(request);
    for (const oldest of this.#late) {
      if (this.#late.size <= limits.lateInvocations) break;
      this.#late.delete(oldest);
    }
  }

  /** Whether an INVOCATION is a chunk of one that has ended. */
  isLate({ request, details }: Invocation): boolean {
    return details.progress === true ? this.#late.has(request) : this.#late.delete(request);
  }

  /** Takes note of a message that was sent. */
  sent(message: Message): void {
    if (message.code === MessageCode.Subscribe) this.#requested.set(message.request, message.topic);
    else if (message.code === MessageCode.Register) this.#requested.set(message.request, message.procedure);
    else if (message.code === MessageCode.Unsubscribe) this.#topics.delete(message.subscription);
    else if (message.code === MessageCode.Unregister) this.#procedures.delete(message.registration);
    else if (message.code === MessageCode.Hello) this.#clear(); // ids are those of one session
  }

  /** Takes note of a message that came. */
  received(message: Message): void {
    if (message.code === MessageCode.Subscribed)
      this.#named(message.request, message.subscription, this.#topics);
    else if (message.code === MessageCode.Registered)
      this.#named(message.request, message.registration, this.#procedures);
    else if (message.code === MessageCode.Error) this.#requested.delete(message.request);
    // nobody answers it any more (CAN-09)
    else if (message.code === MessageCode.Interrupt && message.options.mode === 'killnowait')
      this.endInvocation(message.request);
  }

  #named(request: number, id: number, names: Map<number, string>): void {
    const name = this.#requested.get(request);
    if (name !== undefined) names.set(id, name);
    this.#requested.delete(request);
  }

  #clear(): void {
    const { calls, invocations } = this;
    for (const known of [calls, invocations, this.#late, this.#requested, this.#topics, this.#procedures])
      known.clear();
  }
}
