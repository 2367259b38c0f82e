import { execFile, spawn } from 'node:child_process';

/** A git that knows nothing of the user's configuration; for tests alone. */
const environment = {
  PATH: process.env['PATH'] ?? '',
  HOME: '/nonexistent',
  LC_ALL: 'C',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_TERMINAL_PROMPT: '0',
};

/** Runs git and gives its standard output without the last line end; throws with git's own text. */
export const runGit = (directory: string, args: readonly string[], input?: string | Buffer): Promise<string> =>
  new Promise((resolve, reject) => {
    const child = execFile(
      'git',
      args,
      { cwd: directory, env: environment, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => {
        if (error) reject(new Error(`git ${args.join(' ')}: ${stderr || error.message}`));
        else resolve(stdout.replace(/\n$/, ''));
      },
    );
    child.stdin?.on('error', () => undefined); // it may have ended without reading
    child.stdin?.end(input ?? '');
  });

/** The CGI program behind the test server. */
export const startBackend = (variables: Readonly<Record<string, string>>) =>
  spawn('git', ['http-backend'], { env: { ...environment, ...variables }, stdio: ['pipe', 'pipe', 'pipe'] });
