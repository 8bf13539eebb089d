using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace DaprRollouts.Cli.Demo;

/// <summary>The numbers of the shop that the demo pretends to run, served over HTTP as a monitoring system would: the bad version fails often.</summary>
internal sealed class ShopMetrics : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _asked;

    private ShopMetrics()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://{IPAddress.Loopback}:0");
        _app = builder.Build();
        _app.MapGet("/shop", (string? image) => Results.Json(new { errorRate = ErrorRate(image) }));
    }

    /// <summary>Where the numbers are.</summary>
    public string Address => _app.Urls.First() + "/shop";

    public static async Task<ShopMetrics> StartAsync(CancellationToken cancel)
    {
        var metrics = new ShopMetrics();
        await metrics._app.StartAsync(cancel);
        return metrics;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    // Percent of requests that fail: a little noise around a number that depends on the version alone.
    private double ErrorRate(string? image)
    {
        var noise = Interlocked.Increment(ref _asked) % 5 * 0.11;
        var rate = image == DemoManifests.BadImage ? 27.4 + noise * 10 : 0.3 + noise;
        return Math.Round(rate, 2);
    }
}
