// Real git over smart HTTP in a process of its own: `node server.mjs ROOT`. Prints its port. GET /_log gives what was asked since the
// last time, and forgets it.
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';

const [root] = process.argv.slice(2);
let log = [];
let connections = 0;

const environmentOf = ({ method, headers, url }) => {
  const [path, query = ''] = url.split('?');
  return {
    PATH: process.env.PATH,
    HOME: '/nonexistent',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_PROJECT_ROOT: root,
    GIT_HTTP_EXPORT_ALL: '1',
    GIT_PROTOCOL: headers['git-protocol'] ?? '',
    HTTP_CONTENT_ENCODING: headers['content-encoding'] ?? '',
    PATH_INFO: path,
    QUERY_STRING: query,
    REQUEST_METHOD: method,
    CONTENT_TYPE: headers['content-type'] ?? '',
    ...(headers['content-length'] !== undefined && { CONTENT_LENGTH: headers['content-length'] }),
    REMOTE_USER: 'bench',
    REMOTE_ADDR: '127.0.0.1',
  };
};

const known = new WeakSet();

const serve = (request, response) => {
  if (!known.has(request.socket)) connections += 1;
  known.add(request.socket);
  const entry = { method: request.method, uri: request.url, up: 0, down: 0 };
  log.push(entry);
  const child = spawn('git', ['http-backend'], { env: environmentOf(request), stdio: ['pipe', 'pipe', 'ignore'] });
  child.stdin.on('error', () => undefined);
  request.on('data', (chunk) => (entry.up += chunk.length));
  request.pipe(child.stdin);
  let head = Buffer.alloc(0);
  child.stdout.on('data', (chunk) => {
    if (response.headersSent) return write(response, entry, chunk);
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf('\r\n\r\n');
    if (end < 0) return;
    const fields = head
      .toString('latin1', 0, end)
      .split('\r\n')
      .map((line) => line.split(/:\s*(.*)/s));
    const { Status: status = '200', ...headers } = Object.fromEntries(fields);
    response.writeHead(Number.parseInt(status, 10), headers);
    write(response, entry, head.subarray(end + 4));
  });
  child.stdout.on('end', () => response.end());
};

const write = (response, entry, chunk) => {
  entry.down += chunk.length;
  response.write(chunk);
};

const server = createServer((request, response) => {
  if (request.url !== '/_log') return serve(request, response);
  response.setHeader('connection', 'close');
  response.end(JSON.stringify({ connections, log }));
  log = [];
  connections = 0;
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
process.stdin.resume().on('end', () => process.exit()); // whoever started it is gone
