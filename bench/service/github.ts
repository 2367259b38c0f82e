export { startFakeGitHub } from '../../src/demo/fake-github/server.js';
