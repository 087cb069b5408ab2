import { Socket } from 'node:net';

/** Takes what was read: the first `length` bytes of the buffer. Called as a method of the socket. */
export type OnRead = (this: Socket, length: number, buffer: Buffer) => boolean;

/* A socket that connects can be told by `onread` to read into a buffer of its owner's. A socket that was accepted
   cannot; but it has the same fields, and they are looked for by name. */
const fields = Object.getOwnPropertySymbols(new Socket());
const bufferField = fields.find(({ description }) => description === 'kBuffer');
const callbackField = fields.find(({ description }) => description === 'kBufferCb');

interface Handle {
  useUserBuffer?(buffer: Buffer): void;
}

/**
 * Keeps order with what the socket holds already: as long as that was not taken, what is read goes behind it. A socket
 * reads on while it holds less than its high-water mark, also before its owner has resumed it.
 */
export function behindHeld(onRead: OnRead): OnRead {
  return function (length, buffer) {
    if (this.readableLength > 0) return this.push(Buffer.from(buffer.subarray(0, length)));
    return onRead.call(this, length, buffer);
  };
}

/**
 * Lets an accepted socket read into a buffer that others read into too, instead of a new one of 64 KiB for each read,
 * which costs more than to read, and garbage collections. What the socket holds already still comes as `data`.
 *
 * @param onRead gets the bytes, which are others' when it has returned; it returns `true`. Made by `behindHeld`
 * @returns whether this Node can do that; else all comes as `data`
 */
export function shareReads(socket: Socket, buffer: Buffer, onRead: OnRead): boolean {
  const { _handle: handle } = socket as Socket & { readonly _handle?: Handle | null };
  if (bufferField === undefined || callbackField === undefined || !handle?.useUserBuffer) return false;
  Object.assign(socket, { [bufferField]: buffer, [callbackField]: onRead });
  handle.useUserBuffer(buffer);
  return true;
}
