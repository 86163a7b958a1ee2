// SPDX-License-Identifier: MIT

using System.Text;
using ElectrumPot.Electrum;
using Xunit;

namespace ElectrumPot.Tests.Electrum.Support;

/// <summary>A wallet that polls over HTTP: keeps its cookie, nothing else.</summary>
internal sealed class PollingWallet(TestServer server, ElectrumTransport transport) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        UseCookies = false,
        SslOptions = new System.Net.Security.SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, _, _, _) => true },
    });

    /// <summary>The value of the session's cookie; null before the first answer.</summary>
    public string? Cookie { get; set; }

    /// <summary>The last one.</summary>
    public HttpResponseMessage? Answer { get; private set; }

    public int Status => (int)Answer!.StatusCode;

    public Task<string> GetAsync(string path = "/") => SendAsync(HttpMethod.Get, path, content: null);

    public Task<string> PostAsync(string body) => SendAsync(HttpMethod.Post, "/", new StringContent(body, Encoding.UTF8, "application/json"));

    /// <summary>Replies may come with the answer or with a later one.</summary>
    public async Task<string> PostAndPollAsync(string body) =>
        await PostAsync(body) is { Length: > 0 } reply ? reply : await PollUntilSomethingAsync();

    public async Task<string> PollUntilSomethingAsync()
    {
        for (int i = 0; i < 500; i++)
        {
            if (await GetAsync() is { Length: > 0 } reply) return reply;
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        throw new TimeoutException("Nothing came.");
    }

    public void Dispose()
    {
        Answer?.Dispose();
        _http.Dispose();
    }

    private async Task<string> SendAsync(HttpMethod method, string path, HttpContent? content)
    {
        using var request = new HttpRequestMessage(method, $"{transport.Name}://127.0.0.1:{server.Port(transport)}{path}") { Content = content };
        if (Cookie is not null) request.Headers.Add("Cookie", $"SESSION={Cookie}");
        HttpResponseMessage answer = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        if (answer.Headers.TryGetValues("Set-Cookie", out IEnumerable<string>? cookies))
            Cookie = cookies.Single().Split(';')[0]["SESSION=".Length..];
        string text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Answer = answer;
        return text;
    }
}
