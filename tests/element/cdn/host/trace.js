// What happened, for tests: window.__chatkitStandin.

export const trace = {
  instances: 0,
  options: [], // each accepted object, functions as "function"
  requests: [], // {type, params, headers}
  events: [], // wire events, as they arrived
  dispatched: [], // DOM events: {type, detail}
  errors: [], // "Name: message" of everything refused
};

window.__chatkitStandin = trace;
