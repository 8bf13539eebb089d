using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace DaprRollouts.Conformance.Watching;

/// <summary>A request that waits for its answer.</summary>
internal sealed class ScriptedRequest(HttpContext context)
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Ended => _ended.Task;

    public string Path => context.Request.Path;

    public string Address => $"{context.Request.Path}{context.Request.QueryString}";

    public bool IsWatch => context.Request.Query.ContainsKey("watch");

    /// <summary>Completes when the client has hung up.</summary>
    public Task HungUp
    {
        get
        {
            var hungUp = new TaskCompletionSource();
            context.RequestAborted.Register(hungUp.SetResult);
            return hungUp.Task;
        }
    }

    public string Header(string name) => context.Request.Headers[name].ToString();

    public string Query(string name) => context.Request.Query[name].ToString();

    /// <summary>Answers with a status and a body.</summary>
    public async Task AnswerAsync(int status, JsonObject body, string? retryAfter = null)
    {
        context.Response.StatusCode = status;
        if (retryAfter is not null)
        {
            context.Response.Headers.RetryAfter = retryAfter;
        }

        await AnswerAsync(body);
    }

    /// <summary>Answers with a body; the head may be on its way.</summary>
    public async Task AnswerAsync(JsonObject body)
    {
        await context.Response.WriteAsync(body.ToJsonString());
        End();
    }

    /// <summary>Answers a list.</summary>
    public Task ListAsync(int version, string? next, params JsonObject[] items) => AnswerAsync(200, new JsonObject
    {
        ["metadata"] = new JsonObject { ["resourceVersion"] = version.ToString(), ["continue"] = next },
        ["items"] = new JsonArray([.. items]),
    });

    /// <summary>Answers that the state asked for is forgotten.</summary>
    public Task GoneAsync() => AnswerAsync(410, Gone());

    /// <summary>Sends an event of a watch.</summary>
    public async Task SendAsync(string type, JsonObject value)
    {
        await context.Response.WriteAsync(new JsonObject { ["type"] = type, ["object"] = value }.ToJsonString() + "\n");
        await context.Response.Body.FlushAsync();
    }

    /// <summary>Sends the event that ends a watch whose state is forgotten.</summary>
    public Task SendGoneAsync() => SendAsync("ERROR", Gone());

    /// <summary>Begins an answer that has nothing to tell yet.</summary>
    public Task OpenAsync() => context.Response.StartAsync();

    /// <summary>Ends the answer.</summary>
    public void End() => _ended.TrySetResult();

    /// <summary>Breaks the connection.</summary>
    public void Break()
    {
        context.Abort();
        End();
    }

    private static JsonObject Gone() =>
        new() { ["kind"] = "Status", ["code"] = 410, ["reason"] = "Expired", ["message"] = "too old resource version" };
}
