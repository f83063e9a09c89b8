// Asks a new hardware key to show itself, and sends its answer with the form.
"use strict";

const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

const REASONS = {
  NotAllowedError: "没有绑定：等待超时、取消了操作，或没有输入 PIN。请重新插入后再试。",
  InvalidStateError: "没有绑定：这把优盾已经绑定过。",
  SecurityError: "没有绑定：当前网址不是平台的网址，请从平台首页重新进入。",
};

async function answer(options) {
  const given = await navigator.credentials.create({
    publicKey: {
      ...options,
      challenge: bytes(options.challenge),
      user: { ...options.user, id: bytes(options.user.id) },
      excludeCredentials: (options.excludeCredentials ?? []).map((key) => ({ ...key, id: bytes(key.id) })),
    },
  });
  return JSON.stringify({
    id: given.id,
    rawId: text(given.rawId),
    type: given.type,
    authenticatorAttachment: given.authenticatorAttachment,
    clientExtensionResults: given.getClientExtensionResults(),
    response: {
      clientDataJSON: text(given.response.clientDataJSON),
      attestationObject: text(given.response.attestationObject),
    },
  });
}

for (const form of document.querySelectorAll("form[data-bind]")) {
  const act = form.querySelector("[data-sign-act]");
  const tell = (words) => {
    const place = form.querySelector("[data-sign-says]");
    place.hidden = false;
    place.querySelector("span").textContent = words;
  };
  act.addEventListener("click", async (event) => {
    if (form.elements._attestation.value) return;
    event.preventDefault();
    if (!window.PublicKeyCredential) return tell("这个浏览器不支持优盾，请换用新版浏览器，并通过 https 网址访问。");
    try {
      form.elements._attestation.value = await answer(JSON.parse(form.dataset.bind));
    } catch (fault) {
      return tell(REASONS[fault.name] || "没有绑定：优盾没有应答，请拔下后重新插入再试。");
    }
    form.requestSubmit(act);
  });
}
