import type { Browser } from './browser.js';
import { withSource } from './note.js';
import { commentFrame, escaped, pageOf } from './page.js';
import { animated } from './png.js';
import { atOnce, type Recorded, stepOf } from './recording.js';

const size = { width: 940, height: 660 };
/** Milliseconds; what the cluster has done is looked at longer than what is on its way, and the end the longest. */
const stays = { atOnce: 2_200, settled: 3_200, end: 5_000 };

const style = `
  body { width: ${size.width}px; height: ${size.height}px; overflow: hidden; background: #f6f8fa; display: flex; }
  nav { width: 262px; position: relative; padding: 22px 18px; color: #1f2328; }
  nav h1 { font-size: 15px; margin: 0 0 2px; }
  nav p { font-size: 12px; line-height: 1.4; margin: 4px 0 8px; color: #59636e; }
  nav ol { list-style: none; margin: 14px 0 0; padding: 0; font-size: 13px; }
  nav li { padding: 5px 10px; margin-bottom: 4px; border-left: 3px solid #d1d9e0; color: #59636e; min-height: 46px; }
  nav li.over { border-color: #1a7f37; }
  nav li.now { border-color: #0969da; background: #ddf4ff; color: #1f2328; }
  nav li b { display: block; font-weight: 600; }
  nav li span { font-size: 12px; }
  nav .caption { position: absolute; bottom: 24px; width: 226px; font-size: 15px; line-height: 1.4; }
  nav .caption b { display: block; font-size: 26px; margin-top: 6px; color: #0969da; }
  section { flex: 1; padding: 22px 18px 0 0; }
  section > h2 { font-size: 17px; margin: 0 0 6px; font-weight: 600; color: #1f2328; }
  section > h2 i { color: #59636e; font-weight: 400; font-style: normal; }
  .labels { height: 24px; margin: 10px 0; font-size: 12px; color: #59636e; }
  .label { background: #ddf4ff; border: 1px solid #54aeff; border-radius: 2em; padding: 2px 9px; color: #0969da; margin-right: 6px; }
  .state { border-radius: 2em; padding: 2px 11px; color: #fff; margin-right: 8px; font-weight: 600; }
  .Open { background: #1a7f37; }
  .Closed { background: #8250df; }
  .said { background: #fff; border: 1px solid #d1d9e0; border-radius: 6px; padding: 7px 16px; margin-top: 10px; font-size: 13px; }
  .said code { font-family: "Liberation Mono", monospace; font-size: 12px; }
  .comment > .markdown-body { font-size: 12px; padding: 12px 16px; }
`;

const printSeconds = (seconds: number): string => `${seconds.toFixed(1)} s`;

/** What has been shown of a step so far: `in Git 1.2 s · done 8.4 s`. */
const timesOf = (step: string, seen: readonly Recorded[]): string =>
  seen
    .filter((each) => stepOf(each) === step)
    .map(({ name, seconds }) => `${name.endsWith(atOnce) ? 'told' : 'done'} after ${printSeconds(seconds)}`)
    .join(', ');

const storyboard = (moments: readonly Recorded[], index: number): string => {
  const moment = moments[index]!;
  const seen = moments.slice(0, index + 1);
  const items = [...new Set(moments.map(stepOf))].map((step) => {
    const place = step === stepOf(moment) ? 'now' : seen.some((each) => stepOf(each) === step) ? 'over' : '';
    return `<li class="${place}"><b>${escaped(sentence(step))}</b><span>${timesOf(step, seen)}</span></li>`;
  });
  return `<nav><h1>From the opening to the receipt</h1>
    <p>With a real Gitea, Argo CD and Kubernetes: texts and times recorded by npm run test:loop; the page is drawn</p>
    <p><b>told</b>: the comment says that Git has it<br><b>done</b>: it says that the cluster has it</p>
    <ol>${items.join('')}</ol>
    <div class="caption">${escaped(moment.caption)}<b>${printSeconds(moment.seconds)}</b></div></nav>`;
};

const sentence = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;

const pullRequestPage = (moment: Recorded): string => {
  const { number, title } = moment.pullRequest;
  const chips = moment.labels.map((label) => `<span class="label">${escaped(label)}</span>`).join('');
  const state = stepOf(moment) === 'the pull request closes' ? 'Closed' : 'Open';
  return `<section><h2>${escaped(title)} <i>#${number}</i></h2>
    <div class="labels"><span class="state ${state}">${state}</span>${chips}</div>
    ${commentFrame(moment.comment)}${commandOf(moment)}</section>`;
};

/** What somebody wrote to bring it about, and how it was answered. */
const commandOf = (moment: Recorded): string => {
  const said = moment.commentsBefore.findLast(({ body }) => body === stepOf(moment));
  if (said === undefined) return '';
  const mark = said.reactions.includes('+1') ? ' 👍' : '';
  return `<div class="said"><b>${escaped(said.author)}</b> <code>${escaped(said.body)}</code>${mark}</div>`;
};

/** What a pull request shows from its opening to its receipt, as one picture that moves. */
export const drawLoop = async (moments: readonly Recorded[], browser: Browser): Promise<Buffer> => {
  const frames = [];
  for (const [index, moment] of moments.entries()) {
    const html = pageOf(`${storyboard(moments, index)}${pullRequestPage(moment)}`, style);
    const png = await browser.picture(html, { width: size.width, scale: 2 });
    const settled = index === moments.length - 1 ? stays.end : stays.settled;
    frames.push({ png, stays: moment.name.endsWith(atOnce) ? stays.atOnce : settled });
  }
  return withSource(animated(frames), JSON.stringify(moments));
};
