// The token that the manifest carries in the address of the task pane; xlwings Server sends it with every call.
globalThis.getAuth = async function () {
  const token = new URLSearchParams(globalThis.location.search).get("token");
  return { token: token || "", provider: "" };
};
