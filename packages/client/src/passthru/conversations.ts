import { type Dict, type Message, MessageCode } from '@wampkit/protocol';
import type { Packing } from './packing.js';
import type { PassthruOptions } from './passthru-options.js';

/** An open call, as its caller or its callee sees it. */
export interface Conversation {
  readonly procedure: string;
  /** How what is sent in it is packed; `null`: it is not. */
  packing: Packing | null;
  /** What came with its first message (PCI-09); `null`: its payload is an ordinary one. */
  readonly received: PassthruOptions | null;
}

/** What the messages of one session are about: topics and procedures by the ids that stand for them. */
export class Conversations {
  /** By CALL.Request. */
  readonly calls = new Map<number, Conversation>();
  /** By INVOCATION.Request. */
  readonly invocations = new Map<number, Conversation>();
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
      this.invocations.delete(message.request);
  }

  #named(request: number, id: number, names: Map<number, string>): void {
    const name = this.#requested.get(request);
    if (name !== undefined) names.set(id, name);
    this.#requested.delete(request);
  }

  #clear(): void {
    for (const map of [this.calls, this.invocations, this.#requested, this.#topics, this.#procedures])
      map.clear();
  }
}
