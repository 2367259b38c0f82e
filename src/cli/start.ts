import { fileURLToPath } from 'node:url';
import { loadScript } from '../synth/loader/script.js';

// The bundle's entry. The program beside it is CommonJS, since Node 20 keeps no compiled form of ES modules.
loadScript(fileURLToPath(new URL('./program.cjs', import.meta.url)));
