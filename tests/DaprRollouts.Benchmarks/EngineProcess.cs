using System.Net;
using DaprRollouts.Engine;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace DaprRollouts.Benchmarks;

/// <summary>An engine and nothing else.</summary>
public static class EngineProcess
{
    /// <summary>Starts an engine.</summary>
    /// <param name="directory">Where its data is.</param>
    /// <param name="port">The port; 0 for a free one.</param>
    public static async Task<WebApplication> StartAsync(string directory, int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddSimpleConsole().SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, port, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddWorkflowEngine(options => options.DataDirectory = directory);
        var app = builder.Build();
        app.MapWorkflowEngine();
        await app.StartAsync();
        return app;
    }
}
