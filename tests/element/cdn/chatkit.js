// What the page loads in place of the real script. Like it, this is a classic script that defines
// <openai-chatkit> when it gets to it, and finds its other files beside itself.
import(new URL("host/element.js", document.currentScript.src));
