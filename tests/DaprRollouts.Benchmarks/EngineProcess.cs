using System.Net;
using Dapr.Workflow;
using DaprRollouts.Engine;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DaprRollouts.Benchmarks;

/// <summary>An engine, and a worker with the workloads that is connected to it.</summary>
public static class EngineProcess
{
    /// <summary>Starts an engine and its worker.</summary>
    /// <param name="directory">Where the engine's data is.</param>
    /// <param name="port">The port; 0 for a free one.</param>
    /// <param name="overGrpc">Whether the worker connects to that port, as one elsewhere does.</param>
    public static async Task<WebApplication> StartAsync(string directory, int port, bool overGrpc)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddSimpleConsole().SetMinimumLevel(LogLevel.Error);
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, port, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddWorkflowEngine(options => options.DataDirectory = directory);
        if (!overGrpc)
        {
            builder.Services.AddDaprWorkflow(Workloads.Register);
        }

        var app = builder.Build();
        app.MapWorkflowEngine();
        await app.StartAsync();
        if (!overGrpc)
        {
            return app;
        }

        var worker = await StartWorkerAsync(app.Urls.First());
        app.Lifetime.ApplicationStopping.Register(() => worker.StopAsync().GetAwaiter().GetResult());
        return app;
    }

    private static async Task<IHost> StartWorkerAsync(string engine)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration["DAPR_GRPC_ENDPOINT"] = engine;
        builder.Services.AddDaprWorkflow(Workloads.Register);
        var worker = builder.Build();
        await worker.StartAsync();
        return worker;
    }
}
