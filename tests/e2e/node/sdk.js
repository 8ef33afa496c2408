// Calls methods of the real client: {config, calls: [[method, ...arguments], ...]} on standard input
// becomes a list of {result} and {error: {name, code, data}} on standard output.
// An argument {from, to} gets real dates, as the client's types ask for.
import { text } from "node:stream/consumers";
import sdk from "pirsch-sdk";

const { config, calls } = JSON.parse(await text(process.stdin));
const client = new sdk.Pirsch(config);

const prepare = (argument) =>
  argument?.from ? { ...argument, from: new Date(argument.from), to: new Date(argument.to) } : argument;

const answers = [];
for (const [method, ...given] of calls) {
  try {
    answers.push({ result: (await client[method](...given.map(prepare))) ?? null });
  } catch ({ name, message, code, data }) {
    answers.push({ error: { name, message, code, data } });
  }
}
process.stdout.write(JSON.stringify(answers));
