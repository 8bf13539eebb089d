using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using DaprRollouts.DevCluster.Json;
using DaprRollouts.DevCluster.Resources;
using DaprRollouts.DevCluster.Storage;
using DaprRollouts.DevCluster.Tables;
using Microsoft.AspNetCore.Http;

namespace DaprRollouts.DevCluster.Api;

/// <summary>One request and the ways to answer it.</summary>
internal sealed class Exchange(HttpContext context, TimeProvider time)
{
    public string Method => context.Request.Method;

    public string Path => context.Request.Path.Value ?? "/";

    public string ContentType => (context.Request.ContentType ?? "").Split(';')[0].Trim();

    public string Accept => context.Request.Headers.Accept.ToString();

    public CancellationToken Aborted => context.RequestAborted;

    public HttpResponse Response => context.Response;

    /// <summary>How objects are to be shown.</summary>
    public ResponseFormat Format => ResponseFormat.Of(Accept);

    public string? Query(string name) => context.Request.Query.TryGetValue(name, out var value) ? value.ToString() : null;

    public WriteOptions WriteOptions => new(Manager)
    {
        DryRun = Query("dryRun") switch
        {
            null or "" => false,
            "All" => true,
            var other => throw ApiFailure.BadRequest($"dryRun: Unsupported value: \"{other}\": supported values: \"All\""),
        },
        Unknown = new SortedSet<string>(StringComparer.Ordinal),
        FieldValidation = Query("fieldValidation") switch
        {
            null or "" => "Warn",
            "Ignore" or "Warn" or "Strict" => Query("fieldValidation")!,
            var other => throw ApiFailure.BadRequest(
                $"fieldValidation: Unsupported value: \"{other}\": supported values: \"Ignore\", \"Strict\", \"Warn\""),
        },
    };

    /// <summary>The one who writes, as managedFields names it.</summary>
    private string Manager
    {
        get
        {
            if (Query("fieldManager") is { Length: > 0 } manager)
            {
                return manager;
            }
            var agent = context.Request.Headers.UserAgent.ToString();
            return agent.Split('/')[0] is { Length: > 0 } name ? name : "unknown";
        }
    }

    /// <summary>The body, JSON or YAML; null if there is none.</summary>
    public async Task<JsonNode?> ReadBodyAsync()
    {
        using var buffer = new MemoryStream();
        await context.Request.Body.CopyToAsync(buffer, Aborted);
        var bytes = buffer.GetBuffer().AsSpan(0, (int)buffer.Length);
        if (bytes.IsEmpty)
        {
            return null;
        }
        if (ContentType.StartsWith("application/vnd.kubernetes.protobuf", StringComparison.Ordinal))
        {
            throw ApiFailure.UnsupportedMediaType(ContentType, ["application/json", "application/yaml"]);
        }
        try
        {
            return ContentType.EndsWith("yaml", StringComparison.Ordinal) ? YamlReading.Parse(Encoding.UTF8.GetString(bytes)) : JsonTree.Parse(bytes);
        }
        catch (JsonException error)
        {
            throw ApiFailure.BadRequest($"the body of the request cannot be decoded: {error.Message}");
        }
    }

    public async Task<JsonObject> ReadObjectAsync() =>
        await ReadBodyAsync() as JsonObject ?? throw ApiFailure.BadRequest("the body of the request must be an object");

    public Task AnswerAsync(int code, JsonNode body) => AnswerAsync(code, JsonTree.Write(body));

    public Task AnswerAsync(ApiFailure failure)
    {
        if (failure.Code is 429 or 504)
        {
            Response.Headers.RetryAfter = "1";
        }
        return AnswerAsync(failure.Code, failure.Status);
    }

    public Task AnswerTextAsync(string text) => AnswerAsync(200, Encoding.UTF8.GetBytes(text), "text/plain; charset=utf-8");

    /// <summary>Shows what was written, with a warning for each field that was dropped.</summary>
    public Task AnswerAsync(int code, StoredObject stored, ResourceType type, WriteOptions options)
    {
        if (options is { FieldValidation: "Warn", Unknown: { } unknown })
        {
            foreach (var field in unknown)
            {
                Response.Headers.Append("Warning", $"299 - \"unknown field \\\"{field}\\\"\"");
            }
        }
        return AnswerAsync(code, stored, type);
    }

    /// <summary>Shows one object as the client wants it.</summary>
    public Task AnswerAsync(int code, StoredObject stored, ResourceType type)
    {
        var format = Format;
        if (format.Shape == ResponseShape.Object && stored.Content.Text("apiVersion") == type.GroupVersion)
        {
            return AnswerAsync(code, stored.Utf8);
        }
        var content = Registry.InVersion(stored, type);
        return AnswerAsync(code, format.Shape switch
        {
            ResponseShape.Table => Table(type, format).Render([content], VersionOf(content), time.GetUtcNow()),
            ResponseShape.PartialMetadata => PartialMetadata.Of(content, format.Version),
            _ => content,
        });
    }

    public Task AnswerAsync(Listing listing, ResourceType type)
    {
        var format = Format;
        var items = listing.Items.Select(i => Registry.InVersion(i, type));
        return format.Shape switch
        {
            ResponseShape.Table => AnswerAsync(200, Table(type, format).Render(items, listing.Metadata, time.GetUtcNow())),
            ResponseShape.PartialMetadata => AnswerAsync(200, new JsonObject
            {
                ["kind"] = "PartialObjectMetadataList",
                ["apiVersion"] = $"meta.k8s.io/{format.Version}",
                ["metadata"] = listing.Metadata,
                ["items"] = new JsonArray([.. items.Select(i => (JsonNode)PartialMetadata.Of(i, format.Version))]),
            }),
            _ => AnswerAsync(200, ListBody(listing, type)),
        };
    }

    public TableRendering Table(ResourceType type, ResponseFormat format) => new(type, format.Version, Query("includeObject") ?? "Metadata");

    public async Task AnswerAsync(int code, ReadOnlyMemory<byte> body, string contentType = "application/json")
    {
        Response.StatusCode = code;
        Response.ContentType = contentType;
        Response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(Method))
        {
            await Response.Body.WriteAsync(body, Aborted);
        }
    }

    private static JsonObject VersionOf(JsonObject content) => new() { ["resourceVersion"] = content.Text("metadata", "resourceVersion") };

    // Put together from the stored bytes, without building the list as a tree.
    private static ReadOnlyMemory<byte> ListBody(Listing listing, ResourceType type)
    {
        var body = new ArrayBufferWriter<byte>(1024 + listing.Items.Sum(i => i.Utf8.Length + 1));
        var head = JsonTree.Text(new JsonObject
        {
            ["kind"] = type.ListKind, ["apiVersion"] = type.GroupVersion, ["metadata"] = listing.Metadata,
        });
        body.Write(Encoding.UTF8.GetBytes(head[..^1] + ",\"items\":["));
        var isFirst = true;
        foreach (var item in listing.Items)
        {
            if (!isFirst)
            {
                body.Write(","u8);
            }
            isFirst = false;
            body.Write(item.Content.Text("apiVersion") == type.GroupVersion ? item.Utf8.Span : JsonTree.Write(Registry.InVersion(item, type)));
        }
        body.Write("]}"u8);
        return body.WrittenMemory;
    }
}
