import type { Socket } from 'node:net';
import type { Wire } from './wire.js';

/** Gets each message's bytes, `[start, end)`; valid during the call only. */
export type MessageHandler = (bytes: Buffer, start: number, end: number) => void;

/** How messages stand in a byte stream: one object a connection. */
export interface Framing {
  /** Opens the transport on a connected socket; resolves to bytes that came behind the handshake. */
  handshake(socket: Socket, wire: Wire): Promise<Buffer>;
  /** The room that the header of a message of about this length takes. */
  headerLength(estimate: number): number;
  /** Completes the frame at `at`, whose message stands in `[start, end)`: header, and mask if there is one. */
  seal(out: Buffer, at: number, start: number, end: number): void;
  /** Reads one frame at `at`; returns where the next begins, -1 when the frame is not there yet. */
  read(bytes: Buffer, at: number, onMessage: MessageHandler): number;
}

/** Collects what a socket sends until `complete` finds its answer; then hands the socket back. */
export function readHandshake(socket: Socket, complete: (bytes: Buffer) => number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let bytes = Buffer.alloc(0);
    const settle = (settled: () => void): void => {
      socket.off('data', onData).off('error', onError).off('close', onClose);
      settled();
    };
    const onError = (error: Error): void => settle(() => reject(error));
    const onClose = (): void => settle(() => reject(new Error('closed within the handshake')));
    const onData = (chunk: Buffer): void => {
      bytes = Buffer.concat([bytes, chunk]);
      try {
        const end = complete(bytes);
        if (end >= 0) settle(() => resolve(bytes.subarray(end)));
      } catch (error) {
        settle(() => reject(error));
      }
    };
    socket.on('data', onData).on('error', onError).on('close', onClose);
  });
}
