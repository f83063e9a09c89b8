// Asks the hardware key to sign exactly what the page shows, and sends the answer with the form.
"use strict";

const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

const REASONS = {
  NotAllowedError: "没有签名：等待超时、取消了操作，或插入的不是您登记的优盾。请重新插入后再试。",
  SecurityError: "没有签名：当前网址和优盾登记的网址不一致，请从平台首页重新进入。",
};

async function answer(options) {
  const given = await navigator.credentials.get({
    publicKey: {
      ...options,
      challenge: bytes(options.challenge),
      allowCredentials: options.allowCredentials.map((key) => ({ ...key, id: bytes(key.id) })),
    },
  });
  const part = given.response;
  return JSON.stringify({
    id: given.id,
    rawId: text(given.rawId),
    type: given.type,
    authenticatorAttachment: given.authenticatorAttachment,
    clientExtensionResults: given.getClientExtensionResults(),
    response: {
      clientDataJSON: text(part.clientDataJSON),
      authenticatorData: text(part.authenticatorData),
      signature: text(part.signature),
    },
  });
}

function tell(form, words) {
  const place = form.querySelector("[data-sign-says]");
  place.hidden = false;
  place.querySelector("span").textContent = words;
}

for (const form of document.querySelectorAll("form[data-sign]")) {
  const act = form.querySelector("[data-sign-act]");
  act.addEventListener("click", async (event) => {
    if (form.elements._assertion.value) return;
    event.preventDefault();
    if (!window.PublicKeyCredential) return tell(form, "这个浏览器不支持优盾，请换用新版浏览器，并通过 https 网址访问。");
    try {
      form.elements._assertion.value = await answer(JSON.parse(form.dataset.sign));
    } catch (fault) {
      return tell(form, REASONS[fault.name] || "没有签名：优盾没有应答，请拔下后重新插入再试。");
    }
    form.requestSubmit(act);
  });
}
