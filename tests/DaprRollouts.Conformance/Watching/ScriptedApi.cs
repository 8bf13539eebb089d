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
    private readonly Channel<ScriptedRequest> _requests = Channel.CreateUnbounded<ScriptedRequest>();
    private readonly WebApplication _app;

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
    public async Task<ScriptedRequest> NextAsync() =>
        await _requests.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(60));

    /// <summary>The next request, while the time that a reflector follows goes on.</summary>
    public async Task<ScriptedRequest> NextAsync(Action advance)
    {
        var next = NextAsync();
        while (!next.IsCompleted)
        {
            advance();
            await Task.WhenAny(next, Task.Delay(TimeSpan.FromMilliseconds(5)));
        }

        return await next;
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
