using DaprRollouts.Activities.Metrics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace DaprRollouts.Conformance.Metrics;

/// <summary>Which servers are asked at all, and which are believed to be who they say.</summary>
public sealed class MetricHttpTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new();
    private MetricPeer _peer = null!;

    [Theory]
    [InlineData("127.0.0.0/8", "the address 127.0.0.1 of localhost is denied")]
    [InlineData("localhost", "the host localhost is denied")]
    [InlineData("LOCALHOST", "the host localhost is denied")]
    public async Task A_denied_host_is_not_asked_whatever_it_is_called(string denied, string message)
    {
        using var http = new MetricHttp(new MetricHostPolicy([denied, "::1"]), _time);

        var error = await Assert.ThrowsAsync<MetricException>(() => AskAsync(http, $"http://localhost:{_peer.Address.Port}/"));

        Assert.Contains(message, error.Message.Replace("::1", "127.0.0.1", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Empty(_peer.Requests);
    }

    [Fact]
    public async Task A_redirect_does_not_lead_to_a_denied_host()
    {
        using var http = new MetricHttp(new MetricHostPolicy(["*.internal", "localhost"]), _time);
        _peer.Answer = context =>
        {
            context.Response.Redirect($"http://localhost:{_peer.Address.Port}/secret");
            return Task.CompletedTask;
        };

        var error = await Assert.ThrowsAsync<MetricException>(() => AskAsync(http, _peer.Address.ToString()));

        Assert.Contains("the host localhost is denied", error.Message, StringComparison.Ordinal);
        Assert.Single(_peer.Requests);
    }

    [Fact]
    public async Task A_denied_host_says_so_however_often_it_is_asked()
    {
        using var http = new MetricHttp(new MetricHostPolicy(["127.0.0.0/8", "::1"]), _time);
        for (var i = 0; i < 50; i++)
        {
            var error = await Assert.ThrowsAsync<MetricException>(() => AskAsync(http, $"http://localhost:{_peer.Address.Port}/"));
            Assert.Contains("is denied", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_server_that_hangs_up_again_and_again_is_left_alone_for_a_moment()
    {
        using var http = new MetricHttp(MetricHostPolicy.Default, _time);
        _peer.Answer = Abort;
        for (var i = 0; i < 20; i++)
        {
            await Assert.ThrowsAsync<MetricException>(() => AskAsync(http, _peer.Address.ToString()));
        }

        _peer.AnswerText("fine");
        var error = await Assert.ThrowsAsync<MetricException>(() => AskAsync(http, _peer.Address.ToString()));
        Assert.Contains("is not asked for a moment", error.Message, StringComparison.Ordinal);
        Assert.Equal(20, _peer.Requests.Count);

        _time.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal("fine", (await AskAsync(http, _peer.Address.ToString())).Body);
    }

    [Fact]
    public async Task A_request_that_a_server_has_seen_is_not_sent_again()
    {
        using var http = new MetricHttp(MetricHostPolicy.Default, _time);
        _peer.Answer = Abort;

        await Assert.ThrowsAsync<MetricException>(() => AskAsync(http, _peer.Address.ToString()));

        Assert.Single(_peer.Requests);
    }

    [Fact]
    public async Task A_certificate_counts_if_the_machine_or_an_authority_of_ones_own_vouches_for_it_and_its_name()
    {
        await using var server = await SecureServer.StartAsync("localhost");
        var port = server.Port;
        using var strict = new MetricHttp(MetricHostPolicy.Default, TimeProvider.System);
        using var trusting = new MetricHttp(MetricHostPolicy.Default, TimeProvider.System, server.Trust());

        Assert.Equal("secure", (await AskAsync(trusting, $"https://localhost:{port}/")).Body);
        await Assert.ThrowsAsync<MetricException>(() => AskAsync(strict, $"https://localhost:{port}/"));
        await Assert.ThrowsAsync<MetricException>(() => AskAsync(trusting, $"https://127.0.0.1:{port}/"));
    }

    [Theory]
    [InlineData("http", "https")]
    [InlineData("https", "http")]
    public void A_redirect_keeps_to_the_scheme(string from, string to)
    {
        var call = new MetricCall { Address = new Uri($"{from}://metrics.example/") };

        var refusal = Assert.Throws<MetricException>(() => call.RedirectedTo(new Uri($"{to}://metrics.example/"), keepsMethod: true));

        Assert.Contains($"refused a redirect from {from} to {to}: give the address that it leads to", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("user:p%40ss:word@", "Basic dXNlcjpwQHNzOndvcmQ=")]
    [InlineData("user@", "Basic dXNlcjo=")]
    public async Task The_user_that_an_address_names_is_who_asks(string user, string header)
    {
        using var http = new MetricHttp(MetricHostPolicy.Default, _time);
        var address = _peer.Address.ToString().Replace("http://", $"http://{user}", StringComparison.Ordinal);
        _peer.Answer = context =>
        {
            if (context.Request.Path == "/")
            {
                context.Response.Redirect("/there");
            }

            return Task.CompletedTask;
        };

        await AskAsync(http, address);
        await http.SendAsync(new MetricCall { Address = new Uri(address), Headers = [("authorization", "Bearer t")] }, TestContext.Current.CancellationToken);

        Assert.Equal([header, header, "Bearer t", "Bearer t"], _peer.Requests.Select(r => r.Headers["Authorization"]));
    }

    [Theory]
    [InlineData("X Team", "a", "\"X Team\" cannot be the name of a header")]
    [InlineData("", "a", "\"\" cannot be the name of a header")]
    [InlineData("Authorization", "Bearer t\n", "the header Authorization cannot be sent: its value holds a line break")]
    public async Task A_header_that_cannot_be_sent_says_why(string name, string value, string problem)
    {
        using var http = new MetricHttp(MetricHostPolicy.Default, _time);
        var call = new MetricCall { Address = _peer.Address, Method = HttpMethod.Post, Body = "b", Headers = [(name, value)] };

        var error = await Assert.ThrowsAsync<MetricException>(() => http.SendAsync(call, TestContext.Current.CancellationToken));

        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.Empty(_peer.Requests);
    }

    [Fact]
    public async Task A_header_may_hold_any_letters()
    {
        using var http = new MetricHttp(MetricHostPolicy.Default, _time);

        await http.SendAsync(new MetricCall { Address = _peer.Address, Headers = [("X-Team", "Küche")], Timeout = TimeSpan.FromDays(400) }, TestContext.Current.CancellationToken);

        Assert.Equal("Küche", Assert.Single(_peer.Requests).Headers["X-Team"]);
    }

    [Fact]
    public async Task An_answer_that_is_not_compressed_as_it_says_is_an_error()
    {
        using var http = new MetricHttp(MetricHostPolicy.Default, _time);
        _peer.Answer = async context =>
        {
            context.Response.Headers.ContentEncoding = "gzip";
            await context.Response.WriteAsync("this is no gzip, however it is read");
        };

        Assert.StartsWith("GET http://127.0.0.1", (await Assert.ThrowsAsync<MetricException>(() => AskAsync(http, _peer.Address.ToString()))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("dapr:vault/shop/datadog", "secret store 'vault' gave shop/datadog")]
    [InlineData("dapr:other/datadog", "may not read the secret store 'other'")]
    [InlineData("dapr:vault", "write dapr:<store>/<secret>")]
    [InlineData("dapr:/x", "write dapr:<store>/<secret>")]
    public async Task Secrets_come_from_the_stores_that_are_named(string reference, string outcome)
    {
        var stores = new SecretStores(["vault"], (store, secret, _) =>
            Task.FromResult<IReadOnlyDictionary<string, string>>(new Dictionary<string, string> { ["key"] = $"secret store '{store}' gave {secret}" }));
        using var client = new k8s.Kubernetes(new k8s.KubernetesClientConfiguration { Host = _peer.Address.ToString() });

        Assert.Contains(outcome, await ReadAsync(new SecretReader(client, stores), reference), StringComparison.Ordinal);
    }

    public async ValueTask InitializeAsync() => _peer = await MetricPeer.StartAsync();

    public ValueTask DisposeAsync() => _peer.DisposeAsync();

    private static async Task<string> ReadAsync(SecretReader reader, string reference)
    {
        try
        {
            return await reader.ReadAsync("shop", reference, "key", TestContext.Current.CancellationToken);
        }
        catch (MetricException e)
        {
            return e.Message;
        }
    }

    private static Task<MetricAnswer> AskAsync(MetricHttp http, string address) =>
        http.SendAsync(new MetricCall { Address = new Uri(address) }, TestContext.Current.CancellationToken);

    private static Task Abort(HttpContext context)
    {
        context.Abort();
        return Task.CompletedTask;
    }
}
