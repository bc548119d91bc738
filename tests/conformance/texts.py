"""What visitors say."""

TIME = "What time is it?"  # has the demo model call a tool, and answers soonest
# The demo model takes seconds to say it again.
LONG = " ".join(f"word{n}" for n in range(150))
# What gets lost, cut or obeyed where somebody was careless.
TEXTS = {
    "nul": "a\x00b",
    "controls": "a\x01\x1b[31m\x7fb",
    "lines": "a\r\nb\n\n\tc",
    "separators": "a\u2028b\u2029c\x85d",
    "emoji": "\U0001f469\u200d\U0001f469\u200d\U0001f467\U0001f3f3\ufe0f\u200d\U0001f308",
    "bidi": "\u202eevil\u202c\u2066\u05e9\u05dc\u05d5\u05dd\u2069\u0645\u0631\u062d",
    "combining": "e\u0301\u0302\u0303\u1112\u1161\u11ab",
    "noncharacters": "\ufeff\ufffe\uffff\U0010ffff\ue000",
    "markup": "</script><b>&amp;\"'\\`x`{{7*7}}%s${x}",
    "event": "data: {}\n\ndata: [DONE]\n\n: x",
    "sql": "'; DROP TABLE items; --",
}
