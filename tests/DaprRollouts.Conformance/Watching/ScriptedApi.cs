using System.Threading.Channels;
using k8s;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace DaprRollouts.Conformance.Watching;

/// <summary>An API server that does what a test tells it, request by request.</summary>
internal sealed class ScriptedApi : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Channel<ScriptedRequest> _requests = Channel.CreateUnbounded<ScriptedRequest>();
    private readonly WebApplication _app;
    private string _last = "nothing";

    private ScriptedApi()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(ServeAsync);
    }

    public k8s.Kubernetes Client { get; private set; } = null!;

    public static async Task<ScriptedApi> StartAsync(params DelegatingHandler[] handlers)
    {
        var api = new ScriptedApi();
        await api._app.StartAsync();
        api.Client = new k8s.Kubernetes(new KubernetesClientConfiguration { Host = api._app.Urls.Single() }, handlers);
        return api;
    }

    /// <summary>The next request, once it is there.</summary>
    public async Task<ScriptedRequest> NextAsync()
    {
        try
        {
            var request = await _requests.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience);
            _last = request.Address;
            return request;
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"no request within {Patience.TotalSeconds:0} s; the last one was for {_last}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        using var now = new CancellationTokenSource(TimeSpan.Zero);
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private async Task ServeAsync(HttpContext context)
    {
        var request = new ScriptedRequest(context);
        await _requests.Writer.WriteAsync(request);
        await request.Ended;
    }
}
