using System.Net;
using DaprRollouts.Activities.Metrics;
using DaprRollouts.Kubernetes;

namespace DaprRollouts.Conformance.Metrics;

/// <summary>Metric servers behind a proxy that the environment names.</summary>
public sealed class MetricProxyTests : IAsyncDisposable
{
    private const string Password = "tr0ub4dor-and-3";

    private readonly ScriptedProxy _proxy = new();

    private string ProxyAddress => $"http://127.0.0.1:{_proxy.Port}";

    [Theory]
    [InlineData("HTTP_PROXY")]
    [InlineData("http_proxy")]
    public async Task Plain_requests_go_through_the_proxy(string variable)
    {
        using var http = Http((variable, ProxyAddress));

        var answer = await AskAsync(http, "http://metrics.test:9090/api?q=1");

        Assert.Equal("GET http://metrics.test:9090/api?q=1 HTTP/1.1", answer);
    }

    [Fact]
    public async Task Secure_requests_go_through_a_tunnel_and_the_certificate_is_the_servers()
    {
        await using var server = await SecureServer.StartAsync("metrics.test");
        _proxy.TunnelTo = server.Port;
        using var trusting = Http(MetricHostPolicy.Default, server.Trust(), ("HTTPS_PROXY", ProxyAddress));
        using var strict = Http(("HTTPS_PROXY", ProxyAddress));

        Assert.Equal("secure", await AskAsync(trusting, "https://metrics.test/"));
        await Assert.ThrowsAsync<MetricException>(() => AskAsync(trusting, "https://other.test/"));
        await Assert.ThrowsAsync<MetricException>(() => AskAsync(strict, "https://metrics.test/"));
        Assert.Equal(["CONNECT metrics.test:443 HTTP/1.1", "CONNECT other.test:443 HTTP/1.1"], _proxy.Requests.Distinct());
    }

    [Fact]
    public async Task The_proxy_of_the_one_scheme_is_not_that_of_the_other()
    {
        using var http = Http(("HTTPS_PROXY", ProxyAddress));

        await Assert.ThrowsAsync<MetricException>(() => AskAsync(http, "http://metrics.test/"));

        Assert.Empty(_proxy.Requests);
    }

    [Theory]
    [InlineData("10.0.0.0/8,.test", "http://metrics.test/", false)]
    [InlineData("metrics.test", "http://metrics.test/", false)]
    [InlineData("test", "http://metrics.test/", false)]
    [InlineData("*.test", "http://metrics.test/", false)]
    [InlineData("METRICS.TEST:9090", "http://metrics.test:9090/", false)]
    [InlineData("metrics.test:9090", "http://metrics.test/", true)]
    [InlineData(".metrics.test", "http://metrics.test/", true)]
    [InlineData("rics.test, other.test", "http://metrics.test/", true)]
    [InlineData("*", "http://metrics.test/", false)]
    [InlineData("10.0.0.0/8", "http://10.1.2.3/", false)]
    [InlineData("10.0.0.0/8", "http://11.1.2.3/", true)]
    [InlineData("fd00::/8,[fd01::1]:80", "http://[fd01::1]/", false)]
    [InlineData("", "http://localhost:9090/", false)]
    [InlineData("", "http://127.0.0.1:9090/", false)]
    [InlineData("", "http://metrics.test/", true)]
    public void What_goes_without_a_proxy_is_told_as_other_programs_are_told(string without, string address, bool proxied)
    {
        var proxy = Proxy(("HTTP_PROXY", "user:secret@proxy.test:3128"), ("NO_PROXY", without));

        Assert.Equal(proxied ? new Uri("http://proxy.test:3128/") : null, proxy.GetProxy(new Uri(address)));
    }

    [Fact]
    public async Task Without_a_proxy_the_server_itself_is_asked()
    {
        await using var peer = await MetricPeer.StartAsync();
        peer.AnswerText("here");
        using var http = Http(("HTTP_PROXY", ProxyAddress));

        Assert.Equal("here", await AskAsync(http, peer.Address.ToString()));
        Assert.Empty(_proxy.Requests);
    }

    [Theory]
    [InlineData("http://169.254.169.254/latest/meta-data", "169.254.169.254 is denied")]
    [InlineData("http://db.internal/", "the host db.internal is denied")]
    public async Task A_denied_host_is_denied_behind_a_proxy_too(string address, string problem)
    {
        using var http = Http(new MetricHostPolicy(["*.internal"]), null, ("HTTP_PROXY", ProxyAddress));

        Assert.Contains(problem, (await Assert.ThrowsAsync<MetricException>(() => AskAsync(http, address))).Message, StringComparison.Ordinal);
        Assert.Empty(_proxy.Requests);
    }

    [Fact]
    public async Task A_name_that_leads_to_a_denied_address_is_denied_behind_a_proxy_too()
    {
        var own = await Dns.GetHostAddressesAsync(Dns.GetHostName(), TestContext.Current.CancellationToken);
        using var http = Http(new MetricHostPolicy(own.Select(a => a.ToString())), null, ("HTTP_PROXY", ProxyAddress));

        var error = await Assert.ThrowsAsync<MetricException>(() => AskAsync(http, $"http://{Dns.GetHostName()}/"));

        Assert.Contains("is denied by the executor's policy", error.Message, StringComparison.Ordinal);
        Assert.Empty(_proxy.Requests);
    }

    [Fact]
    public async Task The_proxy_may_be_where_metrics_may_not_go_and_still_is_no_metric_server()
    {
        using var http = Http(new MetricHostPolicy(["127.0.0.0/8"]), null, ("HTTP_PROXY", ProxyAddress));

        Assert.StartsWith("GET http://metrics.test/", await AskAsync(http, "http://metrics.test/"), StringComparison.Ordinal);
        Assert.Contains("denied", (await Assert.ThrowsAsync<MetricException>(() => AskAsync(http, $"{ProxyAddress}/"))).Message, StringComparison.Ordinal);
        Assert.Single(_proxy.Requests);
    }

    [Fact]
    public async Task Credentials_of_the_proxy_reach_it_and_nobody_else()
    {
        await using var server = await SecureServer.StartAsync("metrics.test");
        (_proxy.TunnelTo, _proxy.Account) = (server.Port, $"user@shop:{Password}");
        var address = $"http://user%40shop:{Password}@127.0.0.1:{_proxy.Port}";
        using var http = Http(MetricHostPolicy.Default, server.Trust(), ("HTTP_PROXY", address), ("HTTPS_PROXY", address));

        Assert.StartsWith("GET http://metrics.test/", await AskAsync(http, "http://metrics.test/"), StringComparison.Ordinal);
        Assert.Equal("secure", await AskAsync(http, "https://metrics.test/"));

        _proxy.Account = "user@shop:changed";
        _proxy.TunnelTo = 1;
        using var late = Http(MetricHostPolicy.Default, server.Trust(), ("HTTP_PROXY", address), ("HTTPS_PROXY", address));
        var refused = await late.SendAsync(new MetricCall { Address = new Uri("http://metrics.test/") }, TestContext.Current.CancellationToken);
        var error = await Assert.ThrowsAsync<MetricException>(() => AskAsync(late, "https://metrics.test/"));
        Assert.Equal((407, ""), (refused.Status, refused.Body));
        Assert.Contains("407", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Password, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_proxy_that_is_no_address_is_an_error_without_its_password() =>
        Assert.DoesNotContain(Password, Assert.Throws<FormatException>(() => Proxy(("HTTP_PROXY", $"http://user:{Password}@"))).Message, StringComparison.Ordinal);

    public ValueTask DisposeAsync() => _proxy.DisposeAsync();

    private static MetricHttp Http(params (string Name, string Value)[] environment) => Http(MetricHostPolicy.Default, null, environment);

    private static MetricHttp Http(MetricHostPolicy policy, MetricTrust? trust, params (string Name, string Value)[] environment) =>
        new(policy, TimeProvider.System, trust, Proxy(environment));

    private static EnvironmentProxy Proxy(params (string Name, string Value)[] environment) =>
        EnvironmentProxy.Read(name => environment.FirstOrDefault(e => e.Name == name).Value);

    private static async Task<string> AskAsync(MetricHttp http, string address) =>
        (await http.SendAsync(new MetricCall { Address = new Uri(address) }, TestContext.Current.CancellationToken)).Body;
}
