"""A stand-in for ChatKit's element, for tests: the real one comes from a CDN and cannot be pinned.

Serve a page as you would, from a loopback address, and let Chromium find the stand-in where the
real script would be:

    from tests.element.standin import chromium, intercept

    with chromium() as browser:
        context = browser.new_context()
        intercept(context)  # a host other than localhost needs {"app.example": "its key"}
        page = context.new_page()
        page.goto("http://localhost:8000")
        chat = page.frame_locator("openai-chatkit iframe")
        chat.get_by_label("Message", exact=True).fill("Hello")
        chat.get_by_role("button", name="Send").click()
        expect(chat.locator("[data-type=assistant_message]")).to_have_count(1)

`page.evaluate("window.__chatkitStandin")` is the trace: instances, options, requests, events,
dispatched, errors. In the frame: buttons `History`, `New chat`, `Send`, `Stop`, `Retry`,
`Good response`, `Bad response`, `Dictate`, those of the start screen and, by the name of their
icon, those of the header; a file input `Attach files`; selects `Tool` and `Model`; a region
`History` with `Rename`, `Delete` and `Close`. Messages are `li[data-type][data-id]`; what failed
is in `[role=alert]`.

What it takes from the real one, known from its types, its documentation, and people who read the
loader or reported its errors:

- the frame is of another origin, so neither keys nor styles nor cookies cross; it goes when the
  element is moved or made anew;
- options are replaced, never merged, and any that the types do not know are refused
  (`InvalidFrameParamsError`), `api` with members of both kinds included;
- `api.fetch` runs in the page, as a method of `api`;
- streams are server-sent events; items are kept by id, and an id used twice replaces;
- the page asks api.openai.com whether its domain is registered, and without a yes the chat
  vanishes and the page is told nothing; localhost passes.

What is not known, and taken as the worse of what is plausible: requests carry no cookies unless
`api.fetch` sends them; headers come as `Headers` or as an object; uploads are made by the frame,
with nothing but what the upload descriptor says; previews are loaded by the frame, so without
cookies that are `SameSite`; history is only asked for when it is opened; a broken event ends the
turn; the element has no size of its own.

What it cannot show: that the real script loads and behaves so; how it draws Markdown, widgets and
themes; how it retries; its own content security policy; other browsers.
"""
