using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DaprRollouts.Scenarios;

/// <summary>
/// Stands before an API server and lets watches lag: each stream holds every event back for a time of its own, so that changes of different kinds arrive in another
/// order than they happened, and now and then it breaks off instead of delivering one. Requests and their answers pass at once.
/// </summary>
internal sealed class LaggingApi : IAsyncDisposable
{
    private static readonly TimeSpan LongestLag = TimeSpan.FromSeconds(2);

    private readonly WebApplication _app;
    private readonly HttpClient _upstream;
    private readonly Random _random;
    private readonly string _directory = Directory.CreateTempSubdirectory("dapr-rollouts-lag-").FullName;

    private LaggingApi(WebApplication app, HttpClient upstream, int seed) => (_app, _upstream, _random) = (app, upstream, new Random(seed));

    /// <summary>A kubeconfig for the cluster behind it.</summary>
    public string Kubeconfig => Path.Combine(_directory, "kubeconfig");

    /// <summary>Watches that broke off.</summary>
    public int Broken { get; private set; }

    /// <summary>Starts before a cluster that speaks plain HTTP.</summary>
    public static async Task<LaggingApi> StartAsync(TestCluster cluster, int seed)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var upstream = new HttpClient { BaseAddress = cluster.Client.BaseUri, Timeout = Timeout.InfiniteTimeSpan };
        var api = new LaggingApi(app, upstream, seed);
        app.Run(api.ForwardAsync);
        await app.StartAsync();
        var own = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        var manifest = await File.ReadAllTextAsync(cluster.Kubeconfig);
        await File.WriteAllTextAsync(api.Kubeconfig, manifest.Replace(cluster.Client.BaseUri.GetLeftPart(UriPartial.Authority), own));
        return api;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        _upstream.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private async Task ForwardAsync(HttpContext context)
    {
        using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), context.Request.Path + context.Request.QueryString);
        if (context.Request.ContentLength is > 0 || context.Request.Headers.TransferEncoding.Count > 0)
        {
            request.Content = new StreamContent(context.Request.Body);
        }

        foreach (var (name, values) in context.Request.Headers.Where(h => h.Key is not ("Host" or "Transfer-Encoding")))
        {
            if (!request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
            {
                request.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
            }
        }

        using var response = await _upstream.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted);
        context.Response.StatusCode = (int)response.StatusCode;
        context.Response.ContentType = response.Content.Headers.ContentType?.ToString();
        await using var body = await response.Content.ReadAsStreamAsync(context.RequestAborted);
        if (context.Request.Query["watch"] == "true")
        {
            await LagAsync(context, body);
        }
        else
        {
            await body.CopyToAsync(context.Response.Body, context.RequestAborted);
        }
    }

    private async Task LagAsync(HttpContext context, Stream body)
    {
        await context.Response.Body.FlushAsync(context.RequestAborted);
        using var events = new StreamReader(body);
        while (await events.ReadLineAsync(context.RequestAborted) is { } line)
        {
            var (lag, breaks) = Throw();
            await Task.Delay(lag, context.RequestAborted);
            if (breaks)
            {
                Broken++;
                context.Abort();
                return;
            }

            await context.Response.WriteAsync(line + "\n", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }
    }

    private (TimeSpan Lag, bool Breaks) Throw()
    {
        lock (_random)
        {
            return (LongestLag * _random.NextDouble(), _random.Next(12) == 0);
        }
    }
}
