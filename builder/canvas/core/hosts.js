/**
 * Systems a step may call, each by the beginning of its addresses: `https://api.example.com/`.
 *
 * @typedef {{ value: string, label: string }} Host
 */

/** Whether an address leads to one of them. @param {Host[]} hosts @param {string} address */
export const begunWith = (hosts, address) => hosts.some((host) => `${address.trim().toLowerCase()}/`.startsWith(host.value));

/** The same address at another host; what is no address yet becomes its beginning. @param {string} address @param {string} host */
export const moved = (address, host) => host + (/^\s*[a-z]+:\/\/[^/]*\/(.*)$/is.exec(address)?.[1] ?? "");
