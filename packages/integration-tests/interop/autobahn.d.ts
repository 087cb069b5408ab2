/** What the tests use of npm `autobahn` 22. */
declare module 'autobahn' {
  namespace autobahn {
    export type Handler = (args: readonly unknown[], kwargs: Record<string, unknown>) => unknown;

    export interface Session {
      readonly id: number;
      call(procedure: string, args: readonly unknown[], kwargs: object): Promise<unknown>;
      register(procedure: string, handler: Handler, options?: object): Promise<unknown>;
      subscribe(topic: string, handler: Handler, options?: object): Promise<unknown>;
      publish(topic: string, args: readonly unknown[], kwargs: object, options: object): Promise<unknown>;
    }

    export class Connection {
      constructor(options: object);
      onopen: (session: Session, details: { readonly authid: string }) => void;
      onclose: (reason: string, details: { readonly reason: string | null }) => boolean;
      open(): void;
      close(): void;
    }

    export class Result {
      constructor(args: readonly unknown[], kwargs: object);
      readonly args: unknown[];
      readonly kwargs: Record<string, unknown>;
    }

    class ApplicationError {
      constructor(error: string, args: readonly unknown[], kwargs: object);
      readonly error: string;
      readonly args: unknown[];
      readonly kwargs: Record<string, unknown>;
    }

    export { ApplicationError as Error };
    export const serializer: Record<
      'JSONSerializer' | 'MsgpackSerializer' | 'CBORSerializer',
      new () => object
    >;

    export const auth_cra: {
      derive_key(secret: string, salt: string, iterations?: number, keylen?: number): string;
      sign(key: string, challenge: string): string;
    };

    interface KeyPair {
      readonly publicKey: Uint8Array;
      readonly secretKey: Uint8Array;
    }
    export const auth_cryptosign: {
      public_key(keys: KeyPair): string;
      sign_challenge(keys: KeyPair, extra: object): string;
    };
    export const nacl: { readonly sign: { readonly keyPair: { fromSeed(seed: Uint8Array): KeyPair } } };
  }
  export = autobahn;
}
