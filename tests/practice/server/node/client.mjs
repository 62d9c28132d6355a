// The official Node SDK against the practice service. Prints one JSON object: what each call gave.
// usage: node client.mjs BASE_URL MODEL PICTURE   (the key is in the environment: PRACTICE_TEST_KEY)
import { readFileSync } from "node:fs";
import OpenAI from "openai";

const [baseURL, model, picture] = process.argv.slice(2);
const apiKey = process.env.PRACTICE_TEST_KEY;

let tries = 0; // requests that really went out, retries included
const counted = (url, options) => {
  tries += 1;
  return fetch(url, options);
};
const client = new OpenAI({ apiKey, baseURL, maxRetries: 0, timeout: 120_000, fetch: counted });
const ask = { model, temperature: 0, max_completion_tokens: 40 };
const user = (content) => [{ role: "user", content }];
const RECURSION = user("What is recursion in programming? Answer in one sentence.");

// What an error is to a JavaScript program.
async function failure(call) {
  tries = 0;
  try {
    await call();
  } catch (error) {
    const { status, code, type, param, message } = error;
    return { class: error.constructor.name, status, code, type, param, message, tries,
      requestID: error.requestID };
  }
  return null;
}

const cases = {
  async plain() {
    const { data, response, request_id } = await client.chat.completions
      .create({ ...ask, messages: RECURSION })
      .withResponse();
    return { reply: data, type: response.headers.get("content-type"), request_id };
  },

  async stream() {
    const stream = await client.chat.completions.create({
      ...ask, messages: RECURSION, stream: true, stream_options: { include_usage: true },
    });
    const chunks = [];
    for await (const chunk of stream) chunks.push(chunk);
    return chunks;
  },

  async stream_helper() {
    const runner = client.chat.completions.stream({ ...ask, messages: RECURSION });
    return await runner.finalChatCompletion();
  },

  async json_schema() {
    const schema = {
      type: "object",
      properties: { name: { type: "string" }, city: { type: "string" } },
      required: ["name", "city"],
      additionalProperties: false,
    };
    const reply = await client.chat.completions.parse({
      ...ask,
      messages: user("Maria Silva, 34, lives in Lisbon. Who is it? Reply in JSON."),
      response_format: { type: "json_schema", json_schema: { name: "person", strict: true, schema } },
    });
    return reply.choices[0];
  },

  async tool() {
    const tools = [{
      type: "function",
      function: {
        name: "get_weather",
        description: "Get the current weather in a city.",
        parameters: {
          type: "object",
          properties: { city: { type: "string" } },
          required: ["city"],
          additionalProperties: false,
        },
      },
    }];
    const messages = user("What is the weather in Paris?");
    const first = await client.chat.completions.create({ ...ask, messages, tools });
    const call = first.choices[0].message.tool_calls[0];
    messages.push(first.choices[0].message, {
      role: "tool",
      tool_call_id: call.id,
      content: JSON.stringify({ temperature: 18, conditions: "light rain" }),
    });
    const second = await client.chat.completions.create({ ...ask, messages, tools });
    return { call, finish_reason: first.choices[0].finish_reason, answer: second.choices[0] };
  },

  async image() {
    const url = `data:image/png;base64,${readFileSync(picture).toString("base64")}`;
    const content = [{ type: "text", text: "What is this?" }, { type: "image_url", image_url: { url } }];
    const reply = await client.chat.completions.create({ ...ask, messages: user(content) });
    return reply.choices[0].message.content;
  },

  async responses() {
    const reply = await client.responses.create({
      model, temperature: 0, max_output_tokens: 40, input: RECURSION[0].content,
    });
    return { text: reply.output_text, status: reply.status };
  },

  async models() {
    const ids = [];
    for await (const one of client.models.list()) ids.push(one.id);
    return ids;
  },

  wrong_key: () => failure(() =>
    client.withOptions({ apiKey: "wrong" }).chat.completions.create({ ...ask, messages: user("Hi") })),

  unknown_model: () => failure(() =>
    client.chat.completions.create({ ...ask, model: "gpt-nothing", messages: user("Hi") })),

  temperature_9: () => failure(() =>
    client.chat.completions.create({ ...ask, temperature: 9, messages: user("Hi") })),

  rate_limit: () => failure(() =>
    client.withOptions({ maxRetries: 1 }).chat.completions.create({
      ...ask, messages: user("simulate-rate-limit") })),

  async busy_twice() {
    tries = 0;
    const reply = await client.withOptions({ maxRetries: 2 }).chat.completions.create({
      ...ask, messages: user("simulate-busy-twice") });
    return { tries, finish_reason: reply.choices[0].finish_reason };
  },

  timeout: () => failure(() =>
    client.withOptions({ timeout: 300 }).chat.completions.create({
      ...ask, messages: user("simulate-slow") })),

  // Six long replies (more than there are slots) are left after one chunk: a short call afterwards
  // is answered at once only if the service has stopped writing them.
  async abort() {
    let seen = 0;
    for (let n = 0; n < 6; n += 1) {
      const stream = await client.chat.completions.create({
        ...ask, messages: user("Tell the long history of Rome."), max_completion_tokens: 1500,
        stream: true,
      });
      for await (const chunk of stream) {
        seen += 1;
        if (chunk.choices.length) stream.controller.abort();
      }
    }
    const began = performance.now();
    await client.chat.completions.create({ ...ask, messages: user("Hi"), max_completion_tokens: 2 });
    return { seen, seconds: (performance.now() - began) / 1000 };
  },
};

const found = {};
for (const [name, run] of Object.entries(cases)) {
  try {
    found[name] = await run();
  } catch (error) {
    found[name] = { crashed: String(error.stack ?? error) };
  }
}
console.log(JSON.stringify(found));
