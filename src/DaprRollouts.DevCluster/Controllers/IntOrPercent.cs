using System.Text.Json.Nodes;
using DaprRollouts.DevCluster.Json;

namespace DaprRollouts.DevCluster.Controllers;

/// <summary>Numbers that may be given as a share of a whole.</summary>
internal static class IntOrPercent
{
    public static int Resolve(JsonNode? value, int whole, bool roundUp)
    {
        if (value.AsNumber() is { } number)
        {
            return (int)number;
        }
        if (value.AsText() is { } text && double.TryParse(text.TrimEnd('%'), out var percent))
        {
            var share = percent * whole / 100;
            return (int)(roundUp ? Math.Ceiling(share) : Math.Floor(share));
        }
        return 0;
    }
}
