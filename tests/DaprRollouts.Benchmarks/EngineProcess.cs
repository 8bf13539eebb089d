using System.Net;
using Dapr.Workflow;
using DaprRollouts.Engine;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DaprRollouts.Benchmarks;

/// <summary>Where the worker is, as seen from its engine.</summary>
public enum WorkerPlace
{
    /// <summary>There is none.</summary>
    Nowhere,

    /// <summary>In the same container, as the executor has it.</summary>
    SameProcess,

    /// <summary>At the other end of a connection, as one elsewhere is.</summary>
    OverGrpc,
}

/// <summary>An engine, and a worker with the workloads.</summary>
public static class EngineProcess
{
    /// <summary>Starts an engine and its worker.</summary>
    /// <param name="directory">Where the engine's data is.</param>
    /// <param name="port">The port; 0 for a free one.</param>
    /// <param name="place">Where the worker is.</param>
    public static async Task<WebApplication> StartAsync(string directory, int port, WorkerPlace place)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddSimpleConsole().SetMinimumLevel(LogLevel.Error);
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, port, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddWorkflowEngine(options => options.DataDirectory = directory);
        if (place == WorkerPlace.SameProcess)
        {
            builder.Services.AddDaprWorkflow(Workloads.Register);
        }

        var app = builder.Build();
        app.MapWorkflowEngine();
        await app.StartAsync();
        if (place == WorkerPlace.OverGrpc)
        {
            var worker = await StartWorkerAsync(app.Urls.First());
            app.Lifetime.ApplicationStopping.Register(() => worker.StopAsync().GetAwaiter().GetResult());
        }

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
