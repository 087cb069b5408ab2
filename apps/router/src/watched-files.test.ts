import { mkdtempSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakeClock } from '@wampkit/testkit';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { WatchedFiles } from './watched-files.js';

let folder: string;
let file: string;
const open: WatchedFiles[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'watched-'));
  file = join(folder, 'users.yaml');
  writeFileSync(file, 'a');
});
afterEach(() => {
  for (const files of open.splice(0)) files.close();
  rmSync(folder, { recursive: true, force: true });
});

const watchFile = (clock?: FakeClock) => {
  const files = new WatchedFiles(clock);
  open.push(files);
  const changed = vi.fn();
  files.add(file, changed);
  return { files, changed };
};

test.each([
  ['is written', () => writeFileSync(file, 'ab')],
  [
    'is replaced',
    () => {
      writeFileSync(`${file}.new`, 'b');
      renameSync(`${file}.new`, file);
    },
  ],
  ['is deleted', () => unlinkSync(file)],
])('config: a file that %s is told by the system', async (_, change) => {
  const { changed } = watchFile();
  change();
  await vi.waitFor(() => expect(changed).toHaveBeenCalledTimes(1), { timeout: 5_000 });
});

test('config: a change is found by a look now and then too, and told once', () => {
  const clock = new FakeClock();
  const { changed, files } = watchFile(clock);
  clock.advance(20_000);
  expect(changed).not.toHaveBeenCalled();
  writeFileSync(file, 'other');
  clock.advance(5_000);
  clock.advance(20_000);
  expect(changed).toHaveBeenCalledTimes(1);
  files.close();
  expect(clock.timers).toBe(0);
});

test('config: a file whose folder is not there is found when it comes', () => {
  const clock = new FakeClock();
  file = join(folder, 'later', 'users.yaml');
  const { changed } = watchFile(clock);
  clock.advance(5_000);
  expect(changed).not.toHaveBeenCalled();
});
