import {
  ErrorMessage,
  ErrorUri,
  Interrupt,
  Invocation,
  Payload,
  Register,
  Registered,
  Yield,
} from '@wampkit/protocol';
import { describe, expect, test } from 'vitest';
import { join, shown } from '../testing/scripted-run.js';

describe('answers of register', () => {
  const answers: [string[], unknown][] = [
    [[], new Yield(1, {})],
    [['--echo'], new Yield(1, {}, Payload.of([1, 'x'], { k: true }))],
    [['--reply', '{"a":1}'], new Yield(1, {}, Payload.of([{ a: 1 }]))],
    [['--reply', 'text'], new Yield(1, {}, Payload.of(['text']))],
    [['--error', 'com.example.no'], new ErrorMessage(68, 1, {}, 'com.example.no')],
    [
      ['--error', 'com.example.no', '--reply', '[1]'],
      new ErrorMessage(68, 1, {}, 'com.example.no', Payload.of([[1]])),
    ],
    [['--exec', 'cat'], new Yield(1, {}, Payload.of([1, 'x'], { k: true }))],
    [['--exec', 'echo "$1-$2 $WAMP_PROCEDURE"'], new Yield(1, {}, Payload.of(['1-x com.x']))],
    [
      ['--exec', 'echo "[$WAMP_ARGS, $WAMP_KWARGS]"'],
      new Yield(1, {}, Payload.of([[[1, 'x'], { k: true }]])),
    ],
    [['--exec', 'true'], new Yield(1, {})],
    [
      ['--exec', 'echo broken >&2; exit 3'],
      new ErrorMessage(68, 1, {}, ErrorUri.RuntimeError, Payload.of(['broken'], { exit_code: 3 })),
    ],
    [
      ['--exec', 'exit 4'],
      new ErrorMessage(
        68,
        1,
        {},
        ErrorUri.RuntimeError,
        Payload.of(['ended by exit code 4'], { exit_code: 4 }),
      ),
    ],
  ];
  test.each(answers)('register %j', async (argv, answer) => {
    const { router, exitCode, shell } = await join(['register', 'com.x', '--count', '1', ...argv]);
    router.send(new Registered((await router.expect(Register)).request, 7));
    router.send(new Invocation(1, 7, {}, Payload.of([1, 'x'], { k: true })));
    expect(shown(await router.next())).toEqual(shown(answer));
    await router.goodbye();
    expect(await exitCode).toBe(0);
    expect(shell.out()).toBe('{"procedure":"com.x","args":[1,"x"],"kwargs":{"k":true}}\n');
  });

  test('register --exec: each line is progress for a caller that asked, the last one the result', async () => {
    const { router, exitCode } = await join([
      'register',
      'com.x',
      '--count',
      '1',
      '--exec',
      'echo 1; echo two',
    ]);
    router.send(new Registered((await router.expect(Register)).request, 7));
    router.send(new Invocation(1, 7, { receive_progress: true }));
    expect(shown(await router.next())).toEqual(shown(new Yield(1, { progress: true }, Payload.of([1]))));
    expect(shown(await router.next())).toEqual(shown(new Yield(1, { progress: true }, Payload.of(['two']))));
    expect(shown(await router.next())).toEqual(shown(new Yield(1, {}, Payload.of(['two']))));
    await router.goodbye();
    expect(await exitCode).toBe(0);
  });

  test('register --exec: INTERRUPT kills the command', async () => {
    const { router, exitCode } = await join(['register', 'com.x', '--count', '1', '--exec', 'sleep 60']);
    router.send(new Registered((await router.expect(Register)).request, 7));
    router.send(new Invocation(1, 7, {}), new Interrupt(1, { mode: 'kill' }));
    expect(await router.expect(ErrorMessage)).toMatchObject({ error: ErrorUri.Canceled });
    await router.goodbye();
    expect(await exitCode).toBe(0);
  });
});
