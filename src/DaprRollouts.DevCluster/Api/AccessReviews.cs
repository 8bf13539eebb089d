using System.Text.Json.Nodes;
using DaprRollouts.DevCluster.Json;

namespace DaprRollouts.DevCluster.Api;

/// <summary>Everything is allowed here, and whoever asks is told so.</summary>
internal static class AccessReviews
{
    public static bool IsAsked(RequestTarget target) => target is
    {
        Group: "authorization.k8s.io", Version: "v1",
        Plural: "selfsubjectaccessreviews" or "localsubjectaccessreviews" or "subjectaccessreviews",
    };

    public static async Task AnswerAsync(Exchange exchange)
    {
        var review = await exchange.ReadObjectAsync();
        review.Ensure("metadata");
        review["status"] = new JsonObject { ["allowed"] = true };
        await exchange.AnswerAsync(201, review);
    }
}
